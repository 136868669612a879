from collections.abc import Iterator

from confiture_linter.catalog import Function, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.tenancy.unbound import unbound_readings


@rule(
    name="security-definer-bypasses-rls",
    subject=Function,
    severity=Severity.ERROR,
    bad="""CREATE TABLE w_user (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, email text NOT NULL);
ALTER TABLE w_user ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION fn_find_user(p_email text) RETURNS uuid LANGUAGE sql SECURITY DEFINER
AS $$ SELECT id FROM w_user WHERE email = p_email $$;""",
    good="""CREATE TABLE w_user (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, email text NOT NULL);
ALTER TABLE w_user ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION fn_find_user(p_email text) RETURNS uuid LANGUAGE sql SECURITY DEFINER
AS $$ SELECT id FROM w_user WHERE email = p_email AND tenant_id = current_setting('app.tenant_id')::uuid $$;""",
    at="w_user WHERE",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def security_definer_bypasses_rls(function: Function, ctx: Context) -> Iterator[Finding]:
    """A SECURITY DEFINER function uses a tenant table past its row security.

    It runs as its owner, for whom policies usually do not hold; without a predicate of its own it works on
    the rows of all tenants.

    *When not:* the owner is neither superuser nor the owner of the table, nor has BYPASSRLS.

    *Instead:* compare the tenant column with the setting that policies read, or use SECURITY INVOKER.
    """
    if not ctx.tenancy or not function.security_definer:
        return
    for reading in unbound_readings(function, ctx):
        table = reading.relation
        if not isinstance(table, Table) or table.rls_enabled:
            yield function.finding(
                f"{function.name} runs as its owner and uses {reading.name} without a tenant predicate",
                at=reading.source.at,
                help=f"compare {ctx.tenancy.column} with current_setting('{ctx.tenancy.setting or 'app.tenant_id'}')",
            )
            return
