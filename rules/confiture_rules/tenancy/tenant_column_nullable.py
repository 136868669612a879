from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="tenant-column-nullable",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid);",
    good="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);",
    at="tenant_id",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def tenant_column_nullable(table: Table, ctx: Context) -> Iterator[Finding]:
    """The tenant column of a table may be NULL.

    A row without a tenant is nobody's: policies hide it from everybody, foreign keys do not check it, and
    it is left behind when the tenant is exported or deleted.

    *When not:* rows that all tenants share belong into a table of their own, listed in `tenancy.exempt`.

    *Instead:* `ALTER TABLE … ALTER COLUMN tenant_id SET NOT NULL`.
    """
    if ctx.tenancy and table.partition_of is None and ctx.tenancy.is_tenant(table):
        column = table.columns[ctx.tenancy.column]
        if not column.not_null and column.table is table:
            yield column.finding(
                f"{table.name}.{column.name} may be NULL",
                help=f"ALTER TABLE {table.identity} ALTER COLUMN {column.name} SET NOT NULL",
            )
