from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="tenant-index-prefix-missing",
    subject=Table,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);",
    good="CREATE TABLE w_order (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id));",
    at="CREATE TABLE w_order",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_index_prefix_missing(table: Table, ctx: Context) -> Iterator[Finding]:
    """No index of a tenant table begins with the tenant column.

    Every query names the tenant; without such an index it reads the rows of all of them, and so does the
    deletion of a tenant.

    *When not:* tables partitioned by the tenant column, which are pruned instead, and foreign tables are
    not reported.

    *Instead:* begin the primary key or an index with the tenant column.
    """
    column = ctx.tenancy.column
    if not column or table.partition_of is not None or table.fact.foreign or not ctx.tenancy.is_tenant(table):
        return
    if table.fact.partition_key[:1] == (column,) or table.columns[column].table is not table:
        return
    if not any(key[:1] == (column,) for key in table.key_prefixes):
        yield table.finding(
            f"no index of {table.name} begins with {column}",
            help=f"CREATE INDEX ON {table.identity} ({column})",
        )
