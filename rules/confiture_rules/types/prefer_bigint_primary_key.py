from collections.abc import Iterator

from confiture_linter.catalog import Column, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding

_LIMITS = {"int2": "32 767", "int4": "2 147 483 647"}


@rule(
    name="prefer-bigint-primary-key",
    subject=Table,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_order (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    good="CREATE TABLE w_order (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    at="integer",
)
def prefer_bigint_primary_key(table: Table, ctx: Context) -> Iterator[Finding]:
    """A generated primary key will run out of numbers.

    Sequences lose numbers to rollbacks and conflicts, so an integer key can end long before two billion rows;
    on that day every INSERT fails, and the cure rewrites the table and all that refer to it.

    *When not:* tables that stay small, such as countries.

    *Instead:* `bigint`.
    """
    key = table.primary_key
    if key is None or len(key.columns) != 1 or table.partition_of is not None:
        return
    column = table.columns.get(key.columns[0])
    if (
        column is not None
        and column.table is table
        and _generated(column)
        and built_in_type(column) in _LIMITS
    ):
        yield type_finding(
            column,
            f"primary key {table.name}.{column.name} ends at {_LIMITS[column.type.name]}",
            "bigint",
        )


def _generated(column: Column) -> bool:
    if column.fact.serial or column.identity_kind:
        return True
    default = column.default
    return default is not None and any(ref.name == "nextval" for ref in default.refs)
