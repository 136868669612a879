from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="missing-primary-key",
    subject=Table,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_reading (machine text NOT NULL, pages bigint NOT NULL);",
    good="CREATE TABLE w_reading (id bigint PRIMARY KEY, machine text NOT NULL, pages bigint NOT NULL);",
    at="CREATE TABLE w_reading",
)
def missing_primary_key(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table has no primary key.

    Rows cannot be told apart, duplicates creep in, and logical replication cannot replay UPDATE or DELETE
    without a replica identity.

    *When not:* partitions take the key of their parent; tables that are filled by CREATE TABLE AS and
    foreign tables have none to give.

    *Instead:* `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`, or the natural key.
    """
    if table.primary_key is None and not (
        table.partition_of
        or table.fact.foreign
        or table.fact.from_query
        or table.unknown_columns
        or table.parents
    ):
        yield table.finding(
            f"table {table.name} has no primary key",
            help="add a primary key, such as id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        )
