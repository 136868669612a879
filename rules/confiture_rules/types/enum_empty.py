from collections.abc import Iterator

from confiture_linter.catalog import Type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="enum-empty",
    subject=Type,
    severity=Severity.WARNING,
    bad="CREATE TYPE order_state AS ENUM ();",
    good="CREATE TYPE order_state AS ENUM ('open', 'paid', 'shipped');",
    at="CREATE TYPE order_state",
)
def enum_empty(type: Type, ctx: Context) -> Iterator[Finding]:
    """An enum has no values.

    A column of the type can hold nothing but NULL.

    *When not:* its values are added by code that runs later.

    *Instead:* list the values.
    """
    if type.form == "enum" and not type.labels:
        yield type.finding(f"enum {type.name} has no values", help="list its values, or drop the type")
