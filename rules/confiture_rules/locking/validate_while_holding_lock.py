from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable


@rule(
    name="validate-while-holding-lock",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
    "ALTER TABLE w_order ADD CONSTRAINT positive CHECK (total >= 0) NOT VALID;",
    bad="BEGIN;\nALTER TABLE w_order ADD COLUMN note text;\nALTER TABLE w_order VALIDATE CONSTRAINT positive;\nCOMMIT;",
    good="ALTER TABLE w_order VALIDATE CONSTRAINT positive;",
    at="ALTER TABLE w_order VALIDATE",
)
def validate_while_holding_lock(change: Change, ctx: Context) -> Iterator[Finding]:
    """A constraint is validated under the lock of an earlier statement.

    VALIDATE by itself lets others read and write; here it reads the whole table under the lock that the earlier
    statement took.

    *When not:* the constraint was added in the same transaction: that is validate-constraint-in-same-transaction.

    *Instead:* validate it in a transaction of its own.
    """
    fact = change.fact
    for command in change.commands("ValidateConstraint"):
        if not isinstance(fact, AlterTable) or not change.in_block:
            continue
        table = change.identity_of(fact.schema, fact.name)
        mode = change.held.get(table)
        known = change.relation(fact.schema, fact.name)
        added_here = any(
            isinstance(step.where.statement.fact, AlterTable)
            and step.transaction == change.transaction
            and any(
                c.name == command.name
                for each in step.where.statement.fact.commands
                for c in each.constraints
            )
            for step in change.earlier
        )
        if mode is not None and mode.blocks_writes and not added_here and known is not None:
            yield change.finding(
                f"{command.name} is validated under the {mode.value} lock of an earlier statement",
                object=table,
                help="validate it in a transaction of its own",
            )
