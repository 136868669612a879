from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="duplicate-key-column",
    subject=Constraint,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (x int, y int, PRIMARY KEY (x, x));",
    good="CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));",
    at="PRIMARY KEY (x, x)",
)
def duplicate_key_column(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A primary key or UNIQUE constraint names a column twice.

    PostgreSQL refuses it; usually another column was meant.

    *When not:* never; the statement fails.

    *Instead:* name each column once.
    """
    columns = constraint.columns
    if len(columns) > 1 and constraint.kind in ("primary key", "unique") and len(set(columns)) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        yield constraint.finding(
            f"{constraint.kind} of {constraint.table.identity} names column {twice} twice",
            help=f"name {twice} once, or the column that was meant",
        )
