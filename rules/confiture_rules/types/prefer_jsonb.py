import re
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type, retyped, type_finding

_SPELLING = re.compile(rb"json\b", re.IGNORECASE)


@rule(
    name="prefer-jsonb",
    subject=Column,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_event (id bigint PRIMARY KEY, payload json NOT NULL);",
    good="CREATE TABLE w_event (id bigint PRIMARY KEY, payload jsonb NOT NULL);",
    at="json NOT NULL",
)
def prefer_jsonb(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column stores json as text.

    The type json has no equality operator: SELECT DISTINCT, UNION and GROUP BY over the column fail, it
    cannot be indexed, and every access parses the text again.

    *When not:* the exact text must survive: order of keys, white space, repeated keys, such as a signed
    document.

    *Instead:* `jsonb`.
    """
    if column.type.name == "json" and built_in_type(column):
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} is json, which has no equality and no index",
            f"jsonb{'[]' if column.type.array else ''}",
            fix=retyped(column, ctx, _SPELLING, "jsonb"),
        )
