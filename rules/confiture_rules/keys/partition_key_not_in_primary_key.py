from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Index, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="partition-key-not-in-primary-key",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE log (id bigint, day date, PRIMARY KEY (id)) PARTITION BY RANGE (day);",
    good="CREATE TABLE log (id bigint, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);",
    at="PRIMARY KEY (id)",
)
def partition_key_not_in_primary_key(table: Table, ctx: Context) -> Iterator[Finding]:
    """A key of a partitioned table lacks a column of the partition key.

    PostgreSQL checks uniqueness inside each partition and refuses a primary key, UNIQUE constraint or unique
    index that does not contain every partition column, or any where the partition key is an expression.

    *When not:* never; the statement fails.

    *Instead:* add the partition columns to the key, or declare the key on each partition.
    """
    if not table.partition_strategy:
        return
    partition_key = table.fact.partition_key
    expression = "" in partition_key
    if not expression and not set(partition_key) <= table.columns.keys():
        return
    for key in _unique_keys(table):
        missing = [name for name in partition_key if name not in key.columns]
        if not key.columns or not missing:
            continue
        what = f"unique index {key.name}" if isinstance(key, Index) else key.kind
        if expression:
            yield key.finding(
                f"{what} of {table.identity} is impossible: the table is partitioned by an expression",
                object=table.identity,
                help="partition by plain columns of the key, or declare the key on each partition",
            )
        else:
            yield key.finding(
                f"{what} of {table.identity} lacks the partition column {', '.join(missing)}",
                object=table.identity,
                help=f"use ({', '.join([*key.columns, *missing])})",
            )


def _unique_keys(table: Table) -> Iterator[Constraint | Index]:
    yield from (c for c in table.constraints if c.kind in ("primary key", "unique"))
    yield from (i for i in table.indexes if i.unique and i.table is table)
