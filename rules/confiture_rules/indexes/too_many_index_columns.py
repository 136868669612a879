from collections.abc import Iterator

from confiture_linter.catalog import Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="too-many-index-columns",
    subject=Index,
    severity=Severity.INFO,
    preset=Preset.ALL,
    options={"max": 4},
    bad="CREATE TABLE a (v int, w int, x int, y int, z int);\nCREATE INDEX a_all ON a (v, w, x, y, z);",
    good="CREATE TABLE a (v int, w int, x int, y int, z int);\nCREATE INDEX a_all ON a (v, w, x) INCLUDE (y, z);",
    at="CREATE INDEX a_all",
)
def too_many_index_columns(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index that is not unique has many key columns.

    Each one makes the index larger and rarely narrows a search that the leading columns have narrowed.

    *When not:* the columns are all searched by equality; the option `max` says how many are too many.

    *Instead:* keep the selective leading columns, move the others to INCLUDE.
    """
    limit = ctx.options["max"]
    if not index.unique and len(index.columns) > limit:
        yield index.finding(
            f"index {index.name} of {index.table.identity} has {len(index.columns)} key columns, more than {limit}",
            help="keep the leading columns that narrow the search, move the others to INCLUDE",
        )
