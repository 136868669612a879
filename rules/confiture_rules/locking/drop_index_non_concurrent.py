from collections.abc import Iterator

from confiture_linter.catalog import Index, Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, rule
from confiture_linter.statements.facts import Drop
from confiture_rules.destructive.dropped import table_dropped_later


@rule(
    name="drop-index-non-concurrent",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY, code text);\nCREATE INDEX w_order_code ON w_order (code);",
    bad="DROP INDEX w_order_code;",
    good="DROP INDEX CONCURRENTLY w_order_code;",
    at="w_order_code",
)
def drop_index_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """An index is dropped under a lock that keeps everyone from its table.

    DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and all others wait behind it.

    *When not:* the table is made by the same change, or dropped later in the file; or the index is partitioned, where PostgreSQL refuses
    CONCURRENTLY.

    *Instead:* DROP INDEX CONCURRENTLY, outside of a transaction.
    """
    fact = change.fact
    if not isinstance(fact, Drop) or fact.concurrently or change.effects.error:
        return
    for target in fact.targets:
        if target.kind != "index" or not target.parts:
            continue
        schema = target.parts[-2] if len(target.parts) > 1 else ""
        index = change.relation(schema, target.parts[-1])
        if isinstance(index, Index):
            table = index.table
            if change.is_new(table.identity) or (isinstance(table, Table) and table.partition_strategy):
                continue
            if table_dropped_later(change, table.name):
                continue
        elif fact.if_exists:
            continue
        named = change.quoted(schema, target.parts[-1])
        alone = len(fact.targets) == 1 and not fact.cascade
        yield change.finding(
            f"{named} is dropped under ACCESS EXCLUSIVE on its table: everyone waits behind it",
            span=ctx.place_of(target.parts[-1], change.path, change.span),
            object=index.identity if isinstance(index, Index) else named,
            help=f"`DROP INDEX CONCURRENTLY {named}`"
            + (", outside of the transaction" if change.in_block else ""),
            fix=_concurrently(change, ctx) if alone and not change.in_block else None,
        )


def _concurrently(change: Change, ctx: Context) -> Fix | None:
    found = ctx.words(change.path, change.span).find("drop", "index")
    if not found:
        return None
    at = found[1].end
    return Fix("drop it concurrently", (Edit(change.path, Span(at, at), " CONCURRENTLY"),), safe=False)
