import re
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type, retyped, type_finding

_SPELLING = re.compile(rb"(?:character|char|nchar|bpchar)\b(?!\s*\w)\s*(?:\(\s*\d+\s*\))?", re.IGNORECASE)


@rule(
    name="no-char-type",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_machine (id bigint PRIMARY KEY, serial_number char(12) NOT NULL);",
    good="CREATE TABLE w_machine (id bigint PRIMARY KEY, serial_number text NOT NULL CHECK (length(serial_number) = 12));",
    at="char(12)",
    options={"most": 10},
)
def no_char_type(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has the blank-padded type char(n).

    Values are filled up with blanks that some operators see and others do not: `LIKE` and regular expressions
    do, `=` and `length()` do not. It neither saves space nor refuses values that are too short.

    Where there are more than `most` such columns, that is how the team does it: only the first is reported.

    *When not:* a system that reads the table needs fixed-width fields.

    *Instead:* `text`, with a CHECK where the length matters.
    """
    if column.type.name == "bpchar" and built_in_type(column):
        padded = ctx.memo("types.padded", lambda: _padded(ctx))
        many = len(padded) > ctx.options["most"]
        if many and padded[0] is not column:
            return
        length = f"({column.type.modifiers[0]})" if column.type.modifiers else ""
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} is blank-padded char{length}"
            + (f", as are {len(padded) - 1} more" if many else ""),
            f"text{'[]' if column.type.array else ''}",
            fix=retyped(column, ctx, _SPELLING, "text"),
        )


def _padded(ctx: Context) -> list[Column]:
    return [c for c in ctx.catalog.columns if c.type.name == "bpchar" and built_in_type(c)]
