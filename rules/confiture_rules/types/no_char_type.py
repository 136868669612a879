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
)
def no_char_type(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has the blank-padded type char(n).

    Values are filled up with blanks that some operators see and others do not: `LIKE` and regular expressions
    do, `=` and `length()` do not. It neither saves space nor refuses values that are too short.

    *When not:* a system that reads the table needs fixed-width fields.

    *Instead:* `text`, with a CHECK where the length matters.
    """
    if column.type.name == "bpchar" and built_in_type(column):
        length = f"({column.type.modifiers[0]})" if column.type.modifiers else ""
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} is blank-padded char{length}",
            f"text{'[]' if column.type.array else ''}",
            fix=retyped(column, ctx, _SPELLING, "text"),
        )
