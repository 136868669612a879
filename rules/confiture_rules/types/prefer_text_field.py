import re
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type, retyped, type_finding

_SPELLING = re.compile(
    rb"(?:varchar|(?:national\s+)?(?:character|char)\s+varying)\b\s*(?:\(\s*\d+\s*\))?", re.IGNORECASE
)


@rule(
    name="prefer-text-field",
    subject=Column,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_customer (id bigint PRIMARY KEY, name varchar(100) NOT NULL);",
    good="CREATE TABLE w_customer (id bigint PRIMARY KEY, name text NOT NULL CHECK (length(name) <= 100));",
    at="varchar(100)",
)
def prefer_text_field(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column has a length in its type.

    A longer limit is an ALTER TYPE, which locks the table and is refused while a view selects the column;
    a CHECK is changed with a short lock. `varchar(n)` is stored as `text` is and is no faster.

    *When not:* the limit belongs to a standard that does not change.

    *Instead:* `text`, with a CHECK on its length.
    """
    if column.type.name == "varchar" and column.type.modifiers and built_in_type(column):
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} is varchar({column.type.modifiers[0]})",
            f"text{'[]' if column.type.array else ''}",
            fix=retyped(column, ctx, _SPELLING, "text"),
        )
