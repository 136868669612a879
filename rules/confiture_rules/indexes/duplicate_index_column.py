from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.indexes.index_keys import index_key


@rule(
    name="duplicate-index-column",
    subject=Index,
    severity=Severity.WARNING,
    bad="CREATE TABLE a (x int, y int);\nCREATE INDEX a_x_y ON a (x, x);",
    good="CREATE TABLE a (x int, y int);\nCREATE INDEX a_x_y ON a (x, y);",
    at="CREATE INDEX a_x_y",
)
def duplicate_index_column(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index names a column twice.

    The second mention stores the value again and helps no search; usually another column was meant.

    *When not:* the same column with two operator classes serves two operators and is not reported.

    *Instead:* name the column once, or the one that was meant.
    """
    if len(index.columns) + len(index.include) < 2:
        return
    keys = index_key(index).columns
    twice = [
        name for position, (name, detail) in enumerate(keys) if name and (name, detail) in keys[:position]
    ]
    twice += [
        name for name in dict.fromkeys(index.include) if (name, "") in keys or index.include.count(name) > 1
    ]
    for name in dict.fromkeys(twice):
        yield index.finding(
            f"index {index.name} of {index.table.identity} names column {name} twice",
            help=f"name {name} once, or the column that was meant",
        )
