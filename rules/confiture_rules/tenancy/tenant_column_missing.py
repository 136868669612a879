from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule

CONFIG = "tenancy: {column: tenant_id, type: uuid, root: w_tenant, exempt: ['audit_*', w_tenant]}"


@rule(
    name="tenant-column-missing",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id uuid PRIMARY KEY, total numeric NOT NULL);",
    good="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total numeric NOT NULL);",
    at="CREATE TABLE w_order",
    config=CONFIG,
    security=True,
)
def tenant_column_missing(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table that must belong to tenants has no tenant column.

    Row security, per-tenant export and per-tenant deletion all need the column on every row.

    *When not:* list the table under `tenancy.exempt` if its rows belong to nobody.

    *Instead:* add the column, NOT NULL, with a foreign key to the tenant table.
    """
    if ctx.tenancy.required(table) and ctx.tenancy.column not in table.columns and not table.unknown_columns:
        yield table.finding(
            f"table {table.name} has no column {ctx.tenancy.column}",
            help=f"add {ctx.tenancy.column} {ctx.tenancy.type} NOT NULL, or exempt the table in tenancy.exempt",
        )
