from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Index
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Related, Severity, Span, rule
from confiture_rules.indexes.index_keys import index_key, is_inherited, plain_columns, unique_constraints


@rule(
    name="redundant-index-prefix",
    subject=Index,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad=(
        "CREATE TABLE a (id int PRIMARY KEY, x int, y int);\nCREATE INDEX a_x ON a (x);\n"
        "CREATE INDEX a_x_y ON a (x, y);"
    ),
    good="CREATE TABLE a (id int PRIMARY KEY, x int, y int);\nCREATE INDEX a_x_y ON a (x, y);",
    at="CREATE INDEX a_x ON",
)
def redundant_index_prefix(index: Index, ctx: Context) -> Iterator[Finding]:
    """An index consists of the leading columns of another one.

    The longer index answers the same searches; the shorter one costs writes, memory and vacuum.

    *When not:* the other index is much wider, or the short one is kept small on purpose for
    deduplication and index-only scans.

    *Instead:* drop the shorter index.
    """
    if index.unique or index.predicate is not None or index.include or index.fact.method != "btree":
        return
    if "" in index.columns or is_inherited(index):
        return
    wider = _wider(index)
    if wider is not None:
        start = wider.fact.at if isinstance(wider, Constraint) else wider.span.start
        end = start if isinstance(wider, Constraint) else wider.span.end
        yield index.finding(
            f"index {index.name} of {index.table.identity} is a prefix of {wider.name} ({', '.join(name or '…' for name in wider.columns)})",
            help=f"drop {index.name} unless it is kept small on purpose",
            related=(Related(wider.path, Span(start, end), f"{wider.name} begins with the same columns"),),
        )


def _wider(index: Index) -> Index | Constraint | None:
    width = len(index.columns)
    columns = index_key(index).columns
    for other in index.table.indexes:
        if (
            len(other.columns) > width
            and other.columns[:width] == index.columns
            and other.predicate is None
            and other.fact.method == "btree"
            and index_key(other).columns[:width] == columns
        ):
            return other
    if plain_columns(index):
        for constraint in unique_constraints(index):
            if len(constraint.columns) > width and constraint.columns[:width] == index.columns:
                return constraint
    return None
