from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.catalog.types import format_type
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="primary-key-type",
    subject=Table,
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("pk-type-policy",),
    options={"allowed": ("bigint", "uuid")},
    bad="CREATE TABLE w_country (code varchar(2) PRIMARY KEY);",
    good="CREATE TABLE w_country (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(2) UNIQUE);",
    at="varchar(2)",
)
def primary_key_type(table: Table, ctx: Context) -> Iterator[Finding]:
    """A primary key of one column has a type that the policy does not allow.

    A natural key, such as a text code, changes one day, and all that refer to it change with it; an integer ends.

    *When not:* `allowed` has the type, as PostgreSQL's format_type writes it without a modifier; keys of several
    columns, and keys that are references themselves.

    *Instead:* `bigint GENERATED ALWAYS AS IDENTITY` or `uuid`, and UNIQUE on the natural key.
    """
    key = table.primary_key
    if key is None or key.table is not table or len(key.columns) != 1 or table.partition_of is not None:
        return
    column = table.columns.get(key.columns[0])
    if column is None or column.table is not table or not column.type.name or column.type.percent_type:
        return
    if any(foreign.columns == key.columns for foreign in table.foreign_keys):
        return
    kind = format_type(ctx.catalog.type_schema(column.type), column.type._replace(modifiers=()))
    allowed = tuple(ctx.options["allowed"])
    if kind not in allowed:
        yield column.finding(
            f"primary key {column.identity} is {kind}, not {' or '.join(allowed)}",
            at=column.type.at,
            path=column.type_path,
            help=f"use {' or '.join(allowed)}, and make {column.name} UNIQUE beside it",
        )
