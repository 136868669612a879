from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="table-inheritance",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_party (id bigint PRIMARY KEY);\nCREATE TABLE w_person (born date) INHERITS (w_party);",
    good="CREATE TABLE w_party (id bigint PRIMARY KEY);\nCREATE TABLE w_person (id bigint PRIMARY KEY REFERENCES w_party, born date);",
    at="CREATE TABLE w_person",
)
def table_inheritance(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table inherits from another.

    Keys, unique constraints and foreign keys of the parent do not hold in the child, and a foreign key to the
    parent does not see the rows of the child.

    *When not:* partitions made before PostgreSQL 10.

    *Instead:* declarative partitioning, or a table of its own with a foreign key.
    """
    if table.parents and table.partition_of is None:
        yield table.finding(
            f"table {table.name} inherits from {table.parents[0].name}",
            help="use PARTITION BY for partitions, a foreign key for a subtype",
        )
