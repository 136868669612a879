from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.seeds.inserts import RESHAPING, Insert, inserts, widths


@rule(
    name="insert-arity-mismatch",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a (id, name) VALUES (1);",
    good="CREATE TABLE a (id int PRIMARY KEY, name text);\nINSERT INTO a (id, name) VALUES (1, 'one');",
    at="a (id, name) VALUES (1)",
)
def insert_arity_mismatch(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An INSERT gives another number of values than it has columns.

    PostgreSQL refuses it; in a function body only when the statement is reached.

    *When not:* never; the statement fails.

    *Instead:* one value per column, the same number in every row of VALUES.
    """
    for insert in inserts(ctx):
        problem = _problem(insert, widths(insert, ctx)) if insert.gives_rows else ""
        if problem:
            yield insert.table.finding(
                f"INSERT into {insert.table.identity} {problem}",
                path=insert.path,
                at=insert.at,
                object=insert.identity,
                help="give one value for each column",
            )


def _problem(insert: Insert, given: tuple[int, ...]) -> str:
    if not given:
        return ""
    if len(given) > 1:
        return f"has rows of {' and '.join(map(str, given))} values"
    listed = len(insert.query.target_columns)
    if listed:
        return f"lists {listed} columns and gives {given[0]} values" if given[0] != listed else ""
    columns = len(insert.table.columns)
    if given[0] > columns and not insert.later & RESHAPING:
        return f"gives {given[0]} values; the table has {columns} columns"
    return ""
