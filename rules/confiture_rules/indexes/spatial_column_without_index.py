from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, ObjectName, Preset, Severity, quote_identifier, rule

_TYPES = frozenset({"geometry", "geography"})
_METHODS = frozenset({"gist", "spgist", "brin"})


@rule(
    name="spatial-column-without-index",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.STRICT,
    bad="CREATE EXTENSION postgis;\nCREATE TABLE w_place (id bigint PRIMARY KEY, spot geometry(Point, 4326));",
    good=(
        "CREATE EXTENSION postgis;\nCREATE TABLE w_place (id bigint PRIMARY KEY, spot geometry(Point, 4326));\n"
        "CREATE INDEX w_place_spot ON w_place USING gist (spot);"
    ),
    at="spot geometry",
)
def spatial_column_without_index(table: Table, ctx: Context) -> Iterator[Finding]:
    """A PostGIS column has no spatial index.

    ST_Intersects, ST_DWithin, && and the like then compare with every row.

    *When not:* an index on the column uses gist, spgist or brin, by itself or in an expression, or the partitioned table
    has one; a column that is only shown, never searched.

    *Instead:* CREATE INDEX … USING gist.
    """
    if table.partition_of is not None or table.fact.foreign:
        return
    for column in table.columns.values():
        if column.table is not table or column.type.name not in _TYPES or column.type.array:
            continue
        if any(_searches(index.fact.method, index.fact.columns, column.name) for index in table.indexes):
            continue
        if any(c.kind == "exclude" and column.name in c.columns for c in table.constraints):
            continue
        name = quote_identifier(f"{table.name}_{column.name}")
        of = ObjectName(table.schema, table.name)
        yield column.finding(
            f"{column.identity} is {column.type.name} and has no spatial index",
            help=f"CREATE INDEX {name} ON {of} USING gist ({quote_identifier(column.name)})",
        )


def _searches(method: str, columns: tuple[object, ...], name: str) -> bool:
    """Whether an index of this method has the column, or an expression of it."""
    for column in columns:
        expression = getattr(column, "expression", None)
        used = (
            {use.name for use in expression.columns}
            if expression is not None
            else {getattr(column, "name", "")}
        )
        if method in _METHODS and name in used:
            return True
    return False
