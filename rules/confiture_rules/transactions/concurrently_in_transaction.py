from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateIndex, Drop, Maintain
from confiture_rules.transactions.blocks import who_opened


@rule(
    name="concurrently-in-transaction",
    subject=Change,
    facts=(AlterTable, CreateIndex, Drop, Maintain),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);",
    bad="BEGIN;\nCREATE INDEX CONCURRENTLY w_order_code ON w_order (code);\nCOMMIT;",
    good="CREATE INDEX CONCURRENTLY w_order_code ON w_order (code);",
    at="CREATE INDEX",
)
def concurrently_in_transaction(change: Change, ctx: Context) -> Iterator[Finding]:
    """A CONCURRENTLY statement stands in a transaction block, and is refused there.

    CREATE INDEX, DROP INDEX, REINDEX and DETACH PARTITION commit several times when they are CONCURRENTLY, so they
    cannot be part of a transaction: neither one that the script opens nor one that the tool wraps around it.

    *When not:* `migrations.transaction` or a directive of the tool says that the file is not wrapped. REFRESH
    MATERIALIZED VIEW CONCURRENTLY may stand in a transaction.

    *Instead:* a file of its own that the tool runs outside a transaction.
    """
    if change.in_block and not change.effects.in_transaction and _concurrently(change):
        yield change.finding(
            f"PostgreSQL refuses CONCURRENTLY inside the transaction that {who_opened(change)}",
            help="move it to a file of its own that runs outside a transaction",
        )


def _concurrently(change: Change) -> bool:
    fact = change.fact
    if isinstance(fact, AlterTable):
        return any(c.kind == "DetachPartition" and c.behaviour == "concurrently" for c in fact.commands)
    return isinstance(fact, CreateIndex | Drop | Maintain) and fact.concurrently
