import re
from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.convention import departs
from confiture_rules.types.written import built_in_type, retyped, type_finding

_SPELLING = re.compile(rb"json\b", re.IGNORECASE)


@rule(
    name="prefer-jsonb",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_event (id bigint PRIMARY KEY, payload json NOT NULL);",
    good="CREATE TABLE w_event (id bigint PRIMARY KEY, payload jsonb NOT NULL);",
    at="json NOT NULL",
    config="lint: {rules: {prefer-jsonb: {options: {convention: 0}}}}",
    options={"convention": 0.8},
)
def prefer_jsonb(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column stores json as text.

    The type json has no equality operator: SELECT DISTINCT, UNION and GROUP BY over the column fail, it
    cannot be indexed, and every access parses the text again.

    Reported where nearly all such columns of the tree are jsonb (`convention`, 0.8 of ten or more), so that this
    one is a slip; everywhere with `convention: 0` and under the presets `strict` and `all`.

    *When not:* the exact text must survive: order of keys, white space, repeated keys, such as a signed
    document.

    *Instead:* `jsonb`.
    """
    if _json(column) and departs(ctx, "prefer-jsonb", _jsonb, _json):
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} is json, which has no equality and no index",
            f"jsonb{'[]' if column.type.array else ''}",
            fix=retyped(column, ctx, _SPELLING, "jsonb"),
        )


def _json(column: Column) -> bool:
    return column.type.name == "json" and bool(built_in_type(column))


def _jsonb(column: Column) -> bool:
    return column.type.name == "jsonb"
