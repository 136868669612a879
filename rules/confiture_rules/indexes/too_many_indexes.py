from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="too-many-indexes",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.ALL,
    options={"max": 10},
    config="lint: {rules: {too-many-indexes: {options: {max: 2}}}}",
    bad="CREATE TABLE a (id int PRIMARY KEY, x int, y int);\nCREATE INDEX a_x ON a (x);\nCREATE INDEX a_y ON a (y);",
    good="CREATE TABLE a (id int PRIMARY KEY, x int, y int);\nCREATE INDEX a_x ON a (x);",
    at="CREATE TABLE a",
)
def too_many_indexes(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table has many indexes.

    Every INSERT writes to all of them, and so does every UPDATE that is not heap-only.

    *When not:* the table is read much and written rarely; the option `max` says how many are too many.

    *Instead:* drop the indexes that no query uses (`pg_stat_user_indexes.idx_scan`).
    """
    own = sum(constraint.kind in ("primary key", "unique", "exclude") for constraint in table.constraints)
    count = len(table.indexes) + own
    limit = ctx.options["max"]
    if count > limit:
        yield table.finding(
            f"table {table.identity} has {count} indexes, more than {limit}",
            help="drop those that pg_stat_user_indexes shows as unused",
        )
