from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, rule
from confiture_linter.statements.facts import CreateIndex


@rule(
    name="create-index-non-concurrent",
    subject=Change,
    facts=(CreateIndex,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, customer_id bigint NOT NULL);",
    bad="CREATE INDEX w_order_customer ON w_order (customer_id);",
    good="CREATE INDEX CONCURRENTLY w_order_customer ON w_order (customer_id);",
    at="CREATE INDEX",
)
def create_index_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """An index is built while nobody can write to its table.

    CREATE INDEX takes a SHARE lock until it is done: every INSERT, UPDATE and DELETE waits for the whole build.

    *When not:* the table is made by the same change; or it is partitioned, where PostgreSQL refuses CONCURRENTLY
    (see partitioned-index-non-concurrent).

    *Instead:* CREATE INDEX CONCURRENTLY, in a file of its own that runs outside a transaction.
    """
    fact = change.fact
    if not isinstance(fact, CreateIndex):
        return
    table = change.identity_of(fact.table_schema, fact.table)
    found = change.relation(fact.table_schema, fact.table)
    if fact.concurrently or change.is_new(table) or change.effects.error:
        return
    if fact.if_not_exists and found is not None and (found.schema, fact.name) in change.catalog.relations:
        return
    if change.effects.lock(table) is None or (isinstance(found, Table) and found.partition_strategy):
        return
    name = fact.name or "the index"
    yield change.finding(
        f"{name} on {table} is built under a SHARE lock: writes wait until it is done",
        object=table,
        help="CREATE INDEX CONCURRENTLY" + (", outside of the transaction" if change.in_block else ""),
        fix=None if change.in_block else _concurrently(change, ctx),
    )


def _concurrently(change: Change, ctx: Context) -> Fix | None:
    found = ctx.words(change.path, change.span).find("index")
    if not found:
        return None
    at = found[0].end
    return Fix("build it concurrently", (Edit(change.path, Span(at, at), " CONCURRENTLY"),), safe=False)
