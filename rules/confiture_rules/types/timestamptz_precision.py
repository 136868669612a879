from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding


@rule(
    name="timestamptz-precision",
    subject=Column,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_delivery (id bigint PRIMARY KEY, delivered_at timestamptz(0) NOT NULL);",
    good="CREATE TABLE w_delivery (id bigint PRIMARY KEY, delivered_at timestamptz NOT NULL);",
    at="timestamptz(0)",
)
def timestamptz_precision(column: Column, ctx: Context) -> Iterator[Finding]:
    """A timestamp without fractions of a second rounds instead of cutting.

    `timestamptz(0)` stores 12:00:00.6 as 12:00:01: now() is kept as a time half a second ahead, which can be
    later than the moment that reads it.

    *When not:* the values come in whole seconds.

    *Instead:* `timestamptz`, and `date_trunc('second', …)` where it is shown.
    """
    if column.type.modifiers == ("0",) and column.type.name in ("timestamp", "timestamptz"):
        name = built_in_type(column)
        if name:
            array = "[]" if column.type.array else ""
            yield type_finding(
                column,
                f"column {column.table.name}.{column.name} rounds to whole seconds",
                f"{name}{array}",
            )
