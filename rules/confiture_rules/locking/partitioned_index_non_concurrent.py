from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateIndex


@rule(
    name="partitioned-index-non-concurrent",
    subject=Change,
    facts=(CreateIndex,),
    severity=Severity.WARNING,
    aliases=("partitioned-index-fanout",),
    given=(
        "CREATE TABLE w_log (day int NOT NULL, code text) PARTITION BY RANGE (day);\n"
        "CREATE TABLE w_log_1 PARTITION OF w_log FOR VALUES FROM (0) TO (10);"
    ),
    bad="CREATE INDEX w_log_code ON w_log (code);",
    good="CREATE INDEX w_log_code ON ONLY w_log (code);",
    at="CREATE INDEX",
)
def partitioned_index_non_concurrent(change: Change, ctx: Context) -> Iterator[Finding]:
    """An index is built on all partitions while nobody can write to them.

    Parent and every partition are locked in SHARE mode until the last index is built.

    *When not:* ON ONLY, which builds nothing; or the table is made by the same change, or has no partitions.

    *Instead:* CREATE INDEX … ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX …
    ATTACH PARTITION each.
    """
    fact = change.fact
    if not isinstance(fact, CreateIndex) or fact.concurrently or fact.only or change.effects.error:
        return
    table = change.relation(fact.table_schema, fact.table)
    if (
        not isinstance(table, Table)
        or not table.partition_strategy
        or change.effects.lock(table.identity) is None
    ):
        return
    old = [p.identity for p in table.partitions if not change.is_new(p.identity)]
    if old and not change.is_new(table.identity):
        yield change.finding(
            f"nobody can write to {table.identity} and its {len(old)} partition{'s'[: len(old) - 1]} until the last index "
            "is built",
            object=table.identity,
            help=f"CREATE INDEX … ON ONLY {table.qualified}, build one CONCURRENTLY on each partition, attach them",
        )
