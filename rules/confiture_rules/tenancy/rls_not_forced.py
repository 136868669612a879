from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.security.row_security import dynamic_row_security


@rule(
    name="rls-not-forced",
    subject=Table,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;""",
    good="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);
ALTER TABLE w_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE w_order FORCE ROW LEVEL SECURITY;""",
    at="ALTER TABLE w_order ENABLE",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def rls_not_forced(table: Table, ctx: Context) -> Iterator[Finding]:
    """Row security of a tenant table does not hold for its owner.

    An application that connects as the owner of its tables passes every policy; so do views and SECURITY
    DEFINER functions of the owner.

    *When not:* the application never connects as the owner, and nothing runs with the owner's rights.

    *Instead:* `ALTER TABLE … FORCE ROW LEVEL SECURITY`.
    """
    if not ctx.tenancy or not table.rls_enabled or table.rls_forced or table.rls_span is None:
        return
    if ctx.tenancy.is_tenant(table) and not dynamic_row_security(ctx):
        path, span = table.rls_span
        yield table.finding(
            f"row security of {table.name} is not forced: its owner sees the rows of all tenants",
            path=path,
            span=span,
            help=f"ALTER TABLE {table.identity} FORCE ROW LEVEL SECURITY",
        )
