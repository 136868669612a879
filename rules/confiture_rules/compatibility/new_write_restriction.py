from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="new-write-restriction",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;",
    good="CREATE TABLE w_note (total numeric);\nALTER TABLE w_note ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;",
    at="CONSTRAINT positive",
)
def new_write_restriction(change: Change, ctx: Context) -> Iterator[Finding]:
    """From now on rows are refused that could be written before.

    NOT VALID spares the old rows only: the application that still runs is held to the constraint at once.

    *When not:* the table is made by the same change, or the constraint is not enforced.

    *Instead:* release writers that keep it first.
    """
    fact = change.fact
    for command in change.commands("AddConstraint"):
        for constraint in command.constraints:
            if isinstance(fact, AlterTable) and not constraint.not_enforced and not change.effects.error:
                yield change.finding(
                    f"rows that break {constraint.name or f'the {constraint.kind}'} are refused from now on",
                    at=constraint.at,
                    object=change.identity_of(fact.schema, fact.name),
                    help="release writers that keep it first",
                )
