from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.seeds.inserts import Insert, inserts


@rule(
    name="insert-duplicate-column",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a (id, id) VALUES (1, 2);",
    good="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a (id, name) VALUES (1, 'one');",
    at="id) VALUES",
)
def insert_duplicate_column(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An INSERT lists a column twice.

    PostgreSQL refuses it; usually another column was meant.

    *When not:* parts of an array, jsonb or composite column may be given one by one and are not reported.

    *Instead:* list each column once.
    """
    for insert in inserts(ctx):
        seen: set[str] = set()
        for column in insert.query.target_columns:
            if column.name in seen and _is_scalar(insert, column.name, ctx):
                yield insert.table.finding(
                    f"INSERT into {insert.table.identity} lists column {column.name} twice",
                    path=insert.path,
                    at=column.at,
                    object=insert.identity,
                    help=f"list {column.name} once, or the column that was meant",
                )
            seen.add(column.name)


def _is_scalar(insert: Insert, name: str, ctx: Context) -> bool:
    column = insert.table.columns.get(name)
    if column is None or column.type.array or column.type.schema not in ("", "pg_catalog"):
        return False
    found = ctx.catalog.builtin.type(column.type.name)
    return found is not None and found.kind == "b" and not found.related and found.name != "jsonb"
