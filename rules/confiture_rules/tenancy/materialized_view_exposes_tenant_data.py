from collections.abc import Iterator

from confiture_linter.catalog import Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.tenancy.lineage import lineage


@rule(
    name="materialized-view-exposes-tenant-data",
    subject=View,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total numeric NOT NULL);
CREATE MATERIALIZED VIEW mv_order AS SELECT tenant_id, sum(total) AS total FROM w_order GROUP BY tenant_id;
GRANT SELECT ON mv_order TO app_reader;""",
    good="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total numeric NOT NULL);
CREATE MATERIALIZED VIEW mv_order AS SELECT tenant_id, sum(total) AS total FROM w_order GROUP BY tenant_id;""",
    at="GRANT SELECT",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def materialized_view_exposes_tenant_data(view: View, ctx: Context) -> Iterator[Finding]:
    """A materialized view holds rows of all tenants and keeps them from nobody.

    It cannot have row security: whoever may read it reads all of it, and without the tenant column nobody
    can even filter.

    *When not:* the grant goes to a role that serves all tenants.

    *Instead:* revoke it and read through a view or function that compares the tenant with the session's; or
    keep the projection in a table with row security.
    """
    if not ctx.tenancy or not view.materialized or not _reads_tenants(view, ctx):
        return
    if view.grants:
        grant = view.grants[0]
        yield view.finding(
            f"materialized view {view.name} shows the rows of all tenants to {', '.join(grant.fact.grantees)}",
            path=grant.path,
            span=grant.span,
            help="revoke it, and read through a view with a tenant predicate or a table with row security",
        )
        return
    shape = ctx.shapes.view(view)
    if shape is not None and ctx.tenancy.column not in shape:
        yield view.finding(
            f"materialized view {view.name} holds rows of all tenants without {ctx.tenancy.column}",
            help=f"add {ctx.tenancy.column} to its columns and to its GROUP BY",
        )


def _reads_tenants(view: View, ctx: Context) -> bool:
    known = lineage(ctx)
    for ref in view.statement.refs:
        if ref.kind == "relation" and ref.use == "read":
            found = ctx.catalog.relation(ref.schema, ref.name, ctx.catalog.default_path)
            if isinstance(found, Table | View) and known.column_of(found):
                return not all(level.is_bound for level in known.levels(view.statement.queries))
    return False
