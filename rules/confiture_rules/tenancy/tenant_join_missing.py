from collections.abc import Iterable, Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Entity
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Query
from confiture_rules.tenancy.lineage import lineage
from confiture_rules.tenancy.predicates import Level, Reading


@rule(
    name="tenant-join-missing",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_customer (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, label text NOT NULL);
CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, customer_id uuid NOT NULL);
CREATE VIEW v_order AS
    SELECT o.tenant_id, o.id, c.label FROM w_order AS o JOIN w_customer AS c ON c.id = o.customer_id;""",
    good="""CREATE TABLE w_customer (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, label text NOT NULL);
CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, customer_id uuid NOT NULL);
CREATE VIEW v_order AS
    SELECT o.tenant_id, o.id, c.label FROM w_order AS o
    JOIN w_customer AS c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id;""",
    at="w_customer AS c ON",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_join_missing(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Tenant tables are joined without equating the tenant column.

    A row may meet rows of another tenant, and indexes that begin with the tenant column are of no use.

    *When not:* USING, NATURAL, equality with the same parameter and equality through a third table are
    understood; a sub-query or CTE whose columns cannot be known is not reported.

    *Instead:* `JOIN w_customer AS c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id`.
    """
    if not ctx.tenancy:
        return
    for entity, queries in _queries(catalog, ctx):
        for level in lineage(ctx).levels(queries):
            for reading in _apart(level):
                yield entity.finding(
                    f"{reading.name} is joined without equating {ctx.tenancy.column}",
                    path=entity.path,
                    at=reading.source.at,
                    help=f"equate {ctx.tenancy.column} with that of the other tables",
                )


def _apart(level: Level) -> list[Reading]:
    correlated = level.correlated() if level.outer is not None else None
    return level.apart if correlated is None else [correlated, *level.apart]


def _queries(catalog: Catalog, ctx: Context) -> Iterator[tuple[Entity, Iterable[Query]]]:
    for view in catalog.views:
        yield view, view.statement.queries
    for function in catalog.routines:
        body = function.fact.body
        if body is not None and lineage(ctx).concerns(function):
            yield function, body.queries
    for policy in catalog.policies:
        for expression in (policy.using, policy.check):
            if expression is not None and expression.queries:
                yield policy, expression.queries
