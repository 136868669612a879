from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule
from confiture_rules.seeds.inserts import inserts


@rule(
    name="insert-without-column-list",
    subject=Catalog,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a VALUES (1, 'one');",
    good="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a (id, name) VALUES (1, 'one');",
    at="a VALUES",
)
def insert_without_column_list(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An INSERT does not say which columns it fills.

    It relies on the order of columns in the table: a column added or moved gives wrong rows, or an error
    far from the change.

    *When not:* rows of a table are copied whole into one of the same type.

    *Instead:* list the columns.
    """
    for insert in inserts(ctx):
        if insert.query.target_columns or not insert.gives_rows:
            continue
        table = insert.table
        columns = ", ".join(map(quote_identifier, table.columns))
        yield table.finding(
            f"INSERT into {table.identity} lists no columns",
            path=insert.path,
            at=insert.at,
            object=insert.identity,
            help=f"list the columns it fills, of ({columns})",
        )
