from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.tenancy.unbound import unbound_readings


@rule(
    name="tenant-predicate-missing",
    subject=Function,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, status text NOT NULL);
CREATE FUNCTION fn_cancel_order(p_tenant_id uuid, p_order_id uuid) RETURNS void LANGUAGE sql
AS $$ UPDATE w_order SET status = 'cancelled' WHERE id = p_order_id $$;""",
    good="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, status text NOT NULL);
CREATE FUNCTION fn_cancel_order(p_tenant_id uuid, p_order_id uuid) RETURNS void LANGUAGE sql
AS $$ UPDATE w_order SET status = 'cancelled' WHERE tenant_id = p_tenant_id AND id = p_order_id $$;""",
    at="w_order SET",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def tenant_predicate_missing(function: Function, ctx: Context) -> Iterator[Finding]:
    """A function reads or writes rows of tenants without saying whose.

    Whoever knows an id reaches the row of another tenant, and a missing key reaches them all. Row security
    would catch it, until the function runs as somebody who passes it.

    *When not:* functions for all tenants that pass the tenant column on, and trigger functions that follow
    the row that fired them, are not reported.

    *Instead:* compare the tenant column with a parameter or with the session's setting.
    """
    if ctx.tenancy:
        for reading in unbound_readings(function, ctx):
            yield function.finding(
                f"{function.name} uses {reading.name} without restricting {ctx.tenancy.column}",
                at=reading.source.at,
                help=f"add {ctx.tenancy.column} = … to the condition",
            )
