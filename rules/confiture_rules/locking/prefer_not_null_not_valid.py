from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="prefer-not-null-not-valid",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    config="postgres: 18",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad="ALTER TABLE w_order ADD CONSTRAINT known CHECK (total IS NOT NULL) NOT VALID;",
    good="ALTER TABLE w_order ADD CONSTRAINT known NOT NULL total NOT VALID;",
    at="ALTER TABLE",
)
def prefer_not_null_not_valid(change: Change, ctx: Context) -> Iterator[Finding]:
    """A CHECK stands in for NOT NULL where PostgreSQL can have NOT NULL itself.

    From 18 on a NOT NULL constraint can be NOT VALID and validated later, in two statements in place of four; the
    column is marked NOT NULL for clients and planner, and nothing is left to be dropped.

    *When not:* `postgres` is not set to 18 or more.

    *Instead:* ADD CONSTRAINT … NOT NULL c NOT VALID, then VALIDATE CONSTRAINT.
    """
    fact = change.fact
    if not change.catalog.postgres_declared or change.postgres < 18 or change.effects.error:
        return
    for command in change.commands("AddConstraint"):
        for constraint in command.constraints:
            test = constraint.expression.test if constraint.expression is not None else None
            if (
                constraint.kind != "check"
                or not constraint.not_valid
                or test is None
                or test.kind != "is not null"
            ):
                continue
            if isinstance(fact, AlterTable):
                table, column = change.quoted(fact.schema, fact.name), quote_identifier(test.column)
                name = quote_identifier(constraint.name or f"{fact.name}_{test.column}_not_null")
                yield change.finding(
                    f"NOT NULL of {test.column} is written as a CHECK",
                    at=change.place_of(command),
                    object=f"{change.identity_of(fact.schema, fact.name)}.{test.column}",
                    help=f"`ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {column} NOT VALID`",
                )
