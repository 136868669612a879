from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change, LockMode
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, CreateTable


@rule(
    name="default-partition-scan",
    subject=Change,
    facts=(AlterTable, CreateTable),
    severity=Severity.ERROR,
    given=(
        "CREATE TABLE w_log (day int NOT NULL) PARTITION BY RANGE (day);\n"
        "CREATE TABLE w_log_rest PARTITION OF w_log DEFAULT;\n"
        "CREATE TABLE w_tick (day int NOT NULL) PARTITION BY RANGE (day);"
    ),
    bad="CREATE TABLE w_log_1 PARTITION OF w_log FOR VALUES FROM (0) TO (10);",
    good="CREATE TABLE w_tick_1 PARTITION OF w_tick FOR VALUES FROM (0) TO (10);",
    at="CREATE TABLE",
)
def default_partition_scan(change: Change, ctx: Context) -> Iterator[Finding]:
    """A new partition makes PostgreSQL read the default partition to the end.

    Rows that belong to the new partition must not lie in the default one: it is read under ACCESS EXCLUSIVE.

    *When not:* there is no default partition, or a validated CHECK of it excludes the new bounds.

    *Instead:* add a CHECK that excludes the new bounds to the default partition NOT VALID, validate it, then make the
    partition.
    """
    fact, effects = change.fact, change.effects
    if effects.error or not isinstance(fact, AlterTable | CreateTable):
        return
    parents = (
        [(fact.partition_of[0], fact.partition_of[1])]
        if isinstance(fact, CreateTable) and fact.partition_of
        else []
    )
    if isinstance(fact, AlterTable):
        parents = (
            [(fact.schema, fact.name)] if any(c.kind == "AttachPartition" for c in fact.commands) else []
        )
    for schema, name in parents:
        parent = change.relation(schema, name)
        for partition in parent.partitions if isinstance(parent, Table) else []:
            read = partition.identity in effects.scans and not change.is_new(partition.identity)
            if (
                read
                and partition.fact.default_partition
                and effects.lock(partition.identity) is LockMode.ACCESS_EXCLUSIVE
            ):
                yield change.finding(
                    f"default partition {partition.identity} is read to the end while nobody can read or write it",
                    object=partition.identity,
                    help="before, add a CHECK that excludes the new bounds to it with NOT VALID, and validate it",
                )
