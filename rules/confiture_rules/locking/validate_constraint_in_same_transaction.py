from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="validate-constraint-in-same-transaction",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);",
    bad=(
        "BEGIN;\nALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\n"
        "ALTER TABLE w_order VALIDATE CONSTRAINT positive;\nCOMMIT;"
    ),
    good=(
        "BEGIN;\nALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;\nCOMMIT;\n"
        "ALTER TABLE w_order VALIDATE CONSTRAINT positive;"
    ),
    at="ALTER TABLE w_order VALIDATE",
)
def validate_constraint_in_same_transaction(change: Change, ctx: Context) -> Iterator[Finding]:
    """A constraint is validated in the transaction that added it NOT VALID.

    The lock that adding it took is held until the transaction ends, so the scan runs under it: NOT VALID has gained
    nothing.

    *When not:* they are in different transactions, or the table is made by the same change.

    *Instead:* commit in between, or validate it in the next migration.
    """
    fact = change.fact
    for command in change.commands("ValidateConstraint"):
        if not isinstance(fact, AlterTable):
            continue
        table = change.identity_of(fact.schema, fact.name)
        if _adds(fact, fact.name, command.name) and not change.is_new(table) and not change.effects.error:
            yield change.finding(
                f"{command.name} is validated under the lock that adding it takes: one ALTER TABLE is one transaction",
                object=table,
                help="validate it in a statement of its own, in another transaction",
            )
            continue
        if not change.in_block:
            continue
        added = any(
            step.transaction == change.transaction
            and _adds(step.where.statement.fact, fact.name, command.name)
            for step in change.earlier
        )
        if added and table in change.held:
            yield change.finding(
                f"{command.name} is validated under the {change.held[table].value} lock that adding it took",
                object=table,
                help="commit in between, or validate it in the next migration",
            )


def _adds(fact: object, table: str, name: str) -> bool:
    return (
        isinstance(fact, AlterTable)
        and fact.name == table
        and any(c.name == name for command in fact.commands for c in command.constraints)
    )
