from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.security.row_security import dynamic_row_security


@rule(
    name="tenant-table-without-rls",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);",
    good="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;""",
    at="CREATE TABLE w_order",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant, setting: app.tenant_id}",
    security=True,
)
def tenant_table_without_rls(table: Table, ctx: Context) -> Iterator[Finding]:
    """Row security is not enabled on a tenant table.

    One forgotten WHERE clause shows the rows of all tenants.

    *When not:* schemas that keep tenants apart in the application alone: without `tenancy.setting` and
    without row security on any table nothing is reported. A partition is reported only where somebody has
    privileges on it: who reads it by its own name passes the policies of its parent.

    *Instead:* `ALTER TABLE … ENABLE ROW LEVEL SECURITY`, and a policy that reads the setting.
    """
    if not ctx.tenancy or table.rls_enabled or table.fact.foreign:
        return
    if table.partition_of is not None and not table.grants:
        return
    if ctx.tenancy.is_tenant(table) and _relies_on_rls(ctx) and not dynamic_row_security(ctx):
        yield table.finding(
            f"row security is not enabled on {table.name}",
            help=f"ALTER TABLE {table.identity} ENABLE ROW LEVEL SECURITY",
        )


def _relies_on_rls(ctx: Context) -> bool:
    if ctx.tenancy.setting:
        return True
    return bool(ctx.memo("tenancy.rls", lambda: any(table.rls_enabled for table in ctx.catalog.tables)))
