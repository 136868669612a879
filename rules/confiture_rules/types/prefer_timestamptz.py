import re
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type, retyped, type_finding

_SPELLING = re.compile(rb"timestamp\b(?!\s*\()(\s+without\s+time\s+zone\b)?", re.IGNORECASE)


@rule(
    name="prefer-timestamptz",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_delivery (id bigint PRIMARY KEY, delivered_at timestamp NOT NULL);",
    good="CREATE TABLE w_delivery (id bigint PRIMARY KEY, delivered_at timestamptz NOT NULL);",
    at="timestamp NOT NULL",
    options={"convention": 0.8, "most": 25},
)
def prefer_timestamptz(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column stores a time of day without saying where.

    `timestamp` is a picture of a clock: comparing it with now(), or reading it in a session with another time
    zone, silently shifts it by hours. `timestamptz` takes the same eight bytes and is a point in time.

    Where at least the share `convention` of ten or more such columns in the tree has no zone, that is how the
    team, or its ORM, stores UTC: only the first is reported; so it is where there are more than `most`. With
    `convention: 2` and a large `most` every one is.

    *When not:* opening hours and other local times whose place is stored elsewhere.

    *Instead:* `timestamptz`.
    """
    if column.type.name != "timestamp" or not built_in_type(column):
        return
    local = ctx.memo("types.local_times", lambda: _conventional(ctx))
    if local and local[0] is not column:
        return
    yield type_finding(
        column,
        f"column {column.table.name}.{column.name} is a timestamp without time zone"
        + (f", as are {len(local) - 1} more" if local else ""),
        f"timestamptz{_modifiers(column)}",
        "" if column.type.array else "AT TIME ZONE 'UTC', if that is what it holds",
        retyped(column, ctx, _SPELLING, "timestamptz"),
    )


def _modifiers(column: Column) -> str:
    written = column.type
    return (f"({written.modifiers[0]})" if written.modifiers else "") + ("[]" if written.array else "")


def _conventional(ctx: Context) -> list[Column]:
    """All columns without a zone where that is the convention of the tree, or there are many; else none."""
    times = [
        column
        for column in ctx.catalog.columns
        if column.type.name in ("timestamp", "timestamptz") and built_in_type(column)
    ]
    local = [column for column in times if column.type.name == "timestamp"]
    share: float = ctx.options["convention"]
    many = len(local) > ctx.options["most"]
    return local if many or (len(times) >= 10 and len(local) >= share * len(times)) else []
