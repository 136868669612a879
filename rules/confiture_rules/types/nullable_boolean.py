from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, quote_identifier, rule
from confiture_rules.types.written import built_in_type


@rule(
    name="nullable-boolean",
    subject=Column,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE w_machine (id bigint PRIMARY KEY, active boolean DEFAULT true);",
    good="CREATE TABLE w_machine (id bigint PRIMARY KEY, active boolean NOT NULL DEFAULT true);",
    at="active boolean",
)
def nullable_boolean(column: Column, ctx: Context) -> Iterator[Finding]:
    """A boolean column has a third value.

    `WHERE NOT active` and `WHERE active` both pass over NULL, so rows disappear from either list.

    *When not:* unknown is a state of its own.

    *Instead:* NOT NULL with a DEFAULT.
    """
    if (
        column.type.name == "bool"
        and not column.not_null
        and not column.type.array
        and not column.generated
        and built_in_type(column)
    ):
        name = quote_identifier(column.name)
        yield column.finding(
            f"boolean column {column.table.name}.{column.name} may be NULL",
            help=f"fill it, then ALTER TABLE {column.table.qualified} ALTER COLUMN {name} SET NOT NULL",
        )
