from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, Drop, Maintain
from confiture_rules.transactions.blocks import who_opened


@rule(
    name="non-transactional-statement-in-transaction",
    subject=Change,
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="BEGIN;\nVACUUM w_order;\nCOMMIT;",
    good="VACUUM w_order;",
    at="VACUUM",
)
def non_transactional_statement_in_transaction(change: Change, ctx: Context) -> Iterator[Finding]:
    """A statement that PostgreSQL refuses in a transaction block stands in one.

    VACUUM, CLUSTER of all tables, REINDEX DATABASE and SCHEMA, CREATE and DROP DATABASE and TABLESPACE, ALTER SYSTEM,
    subscriptions with a slot, and ALTER TYPE … ADD VALUE before PostgreSQL 12 are refused.

    *When not:* the file is not wrapped by the tool; what is CONCURRENTLY has a rule of its own.

    *Instead:* a file of its own that the tool runs outside a transaction.
    """
    fact = change.fact
    concurrent = isinstance(fact, CreateIndex | Drop | Maintain) and fact.concurrently
    if isinstance(fact, AlterTable):
        concurrent = any(command.behaviour == "concurrently" for command in fact.commands)
    if change.in_block and not change.effects.in_transaction and not concurrent:
        yield change.finding(
            f"PostgreSQL refuses it inside the transaction that {who_opened(change)}",
            help="move it to a file of its own that runs outside a transaction",
        )
