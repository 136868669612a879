from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import View
from confiture_linter.engine.context import Context, compile_object_globs
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.tenancy.lineage import lineage
from confiture_rules.tenancy.predicates import Level


@rule(
    name="tenant-view-without-column",
    subject=View,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total numeric NOT NULL);
CREATE VIEW v_order AS SELECT id, total FROM w_order;""",
    good="""CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total numeric NOT NULL);
CREATE VIEW v_order AS SELECT tenant_id, id, total FROM w_order;""",
    at="CREATE VIEW v_order",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_view_without_column(view: View, ctx: Context) -> Iterator[Finding]:
    """A view over tenant tables does not publish the tenant column.

    Nobody who reads the view can filter by tenant or join by it; an aggregate over all tenants is a number
    that no tenant should see.

    *When not:* views that are limited to the session's tenant, or that list tenants by the key of the
    tenant table, are not reported; views for operators can be listed in `tenancy.exempt`.

    *Instead:* add the tenant column to the outputs and to GROUP BY.
    """
    query = view.query
    if not ctx.tenancy or view.materialized or query is None or _exempt(view, ctx):
        return
    shape = ctx.shapes.view(view)
    if shape is None or ctx.tenancy.column in shape:
        return
    level = lineage(ctx).level(query)
    open_levels = [
        inner for inner in level.all() if any(not inner.bound(reading) for reading in inner.readings)
    ]
    if open_levels and not level.published and not _lists_tenants(level, ctx):
        yield view.finding(
            f"view {view.name} reads {open_levels[-1].readings[0].name} and does not publish {ctx.tenancy.column}",
            help=f"add {ctx.tenancy.column} to its columns, and to GROUP BY where it aggregates",
        )


def _exempt(view: View, ctx: Context) -> bool:
    patterns = ctx.config.tenancy.exempt if ctx.config.tenancy else ()
    if not patterns:
        return False
    matches = ctx.memo("tenancy.exempt", lambda: compile_object_globs(patterns))
    return cast("bool", matches(view.identity))


def _lists_tenants(level: Level, ctx: Context) -> bool:
    """Whether an output is the key of the tenant table."""
    root = ctx.tenancy.root
    if root is None:
        return False
    for branch in level.branches:
        for output in branch.query.outputs:
            if output.column is not None:
                index, *rest = branch.node(output.column)
                if isinstance(index, int) and (*rest,) == root.identity_columns:
                    source = branch.sources[index]
                    return source.kind == "relation" and branch.tenants.relation(source) is root
    return False
