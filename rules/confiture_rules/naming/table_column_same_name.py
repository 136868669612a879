from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.naming.names import name_finding


@rule(
    name="table-column-same-name",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE comment (id bigint PRIMARY KEY, comment text NOT NULL);",
    good="CREATE TABLE comment (id bigint PRIMARY KEY, body text NOT NULL);",
    at="comment text",
)
def table_column_same_name(table: Table, ctx: Context) -> Iterator[Finding]:
    """A column is called like its table.

    In an expression the name alone can mean the column or the whole row; which one changes when the column is
    dropped or the query gets an alias.

    *When not:* a lookup table with one column.

    *Instead:* say what the column holds.
    """
    column = table.columns.get(table.name)
    if column is not None and column.table is table and len(table.columns) > 1:
        yield name_finding(
            column, ctx, f"column {table.name}.{column.name} is called like its table", "rename the column"
        )
