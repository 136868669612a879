from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="index-on-boolean",
    subject=Index,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE a (id int PRIMARY KEY, done boolean);\nCREATE INDEX a_done ON a (done);",
    good="CREATE TABLE a (id int PRIMARY KEY, done boolean);\nCREATE INDEX a_open ON a (id) WHERE NOT done;",
    at="CREATE INDEX a_done",
)
def index_on_boolean(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index holds nothing but a boolean column.

    Two values narrow little: where both are common a sequential scan is cheaper, where one is rare a
    partial index is smaller.

    *When not:* one value is rare and both are searched for.

    *Instead:* a partial index over the rows that are searched, such as `ON a (id) WHERE NOT done`.
    """
    if len(index.columns) != 1 or index.predicate is not None:
        return
    column = getattr(index.table, "columns", {}).get(index.columns[0])
    if column is not None and column.type.name == "bool" and not column.type.array:
        yield index.finding(
            f"index {index.name} of {index.table.identity} holds only the boolean {column.name}",
            help=f"use a partial index WHERE {column.name}, or WHERE NOT {column.name}",
        )
