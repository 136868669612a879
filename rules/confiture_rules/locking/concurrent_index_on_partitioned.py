from collections.abc import Iterator

from confiture_linter.catalog import Index, Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateIndex, Drop


@rule(
    name="concurrent-index-on-partitioned",
    subject=Change,
    facts=(CreateIndex, Drop),
    severity=Severity.ERROR,
    given="CREATE TABLE w_log (day int NOT NULL, code text) PARTITION BY RANGE (day);",
    bad="CREATE INDEX CONCURRENTLY w_log_code ON w_log (code);",
    good="CREATE INDEX w_log_code ON ONLY w_log (code);",
    at="CREATE INDEX",
)
def concurrent_index_on_partitioned(change: Change, ctx: Context) -> Iterator[Finding]:
    """CONCURRENTLY is refused for an index of a partitioned table.

    CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY do not work on partitioned tables.

    *When not:* the index is on a single partition.

    *Instead:* CREATE INDEX … ON ONLY the parent, build one CONCURRENTLY on each partition, then ALTER INDEX … ATTACH
    PARTITION each.
    """
    fact = change.fact
    if isinstance(fact, CreateIndex) and fact.concurrently:
        table = change.relation(fact.table_schema, fact.table)
        if isinstance(table, Table) and table.partition_strategy:
            quoted = change.quoted(fact.table_schema, fact.table)
            yield change.finding(
                f"PostgreSQL refuses CONCURRENTLY: {table.identity} is partitioned",
                object=table.identity,
                help=f"CREATE INDEX … ON ONLY {quoted}, build one CONCURRENTLY on each partition, attach them",
            )
    elif isinstance(fact, Drop) and fact.concurrently:
        for target in fact.targets:
            index = change.relation(target.parts[-2] if len(target.parts) > 1 else "", target.parts[-1])
            if isinstance(index, Index) and isinstance(index.table, Table) and index.table.partition_strategy:
                yield change.finding(
                    f"PostgreSQL refuses CONCURRENTLY: {index.table.identity} is partitioned",
                    span=ctx.place_of(target.parts[-1], change.path, change.span),
                    object=index.identity,
                    help=f"DROP INDEX {index.qualified}, with a lock_timeout",
                )
