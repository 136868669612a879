from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Function, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements import nested_queries
from confiture_linter.statements.facts import CopyRows, DoBlock, Execute, Query


@rule(
    name="tenant-insert-missing-column",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY);
CREATE FUNCTION fn_add_order(p_id uuid) RETURNS void LANGUAGE sql
AS $$ INSERT INTO w_order (id) VALUES (p_id) $$;""",
    good="""CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY);
CREATE FUNCTION fn_add_order(p_tenant_id uuid, p_id uuid) RETURNS void LANGUAGE sql
AS $$ INSERT INTO w_order (tenant_id, id) VALUES (p_tenant_id, p_id) $$;""",
    at="w_order (id)",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_insert_missing_column(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An INSERT into a tenant table leaves the tenant out.

    It fails where the column is NOT NULL, and otherwise makes a row that belongs to nobody.

    *When not:* a column whose DEFAULT computes the tenant, or that a BEFORE trigger fills, is not reported.

    *Instead:* name the tenant column and give its value.
    """
    if not ctx.tenancy:
        return
    for function in catalog.routines:
        body = function.fact.body
        for query in body.queries if body is not None else ():
            yield from _reported(query, function, function.path, ctx)
    for where in catalog.statements:
        fact = where.statement.fact
        if isinstance(fact, Execute):
            queries = where.statement.queries
        elif isinstance(fact, DoBlock) and fact.body is not None:
            queries = fact.body.queries
        else:
            if isinstance(fact, CopyRows) and fact.inward and fact.columns:
                table = _forgotten(fact.schema, fact.name, fact.columns, ctx)
                if table is not None:
                    yield table.finding(_message(table, ctx), path=where.path, at=fact.at, help=_help(ctx))
            continue
        for query in queries:
            yield from _reported(query, None, where.path, ctx)


def _reported(query: Query, function: Function | None, path: str, ctx: Context) -> Iterator[Finding]:
    for inner in nested_queries(query):
        target = inner.target
        if target is None or inner.command != "insert" or not inner.target_columns:
            continue
        names = tuple(column.name for column in inner.target_columns)
        table = _forgotten(target.schema, target.name, names, ctx)
        if table is not None:
            entity = function or table
            yield entity.finding(_message(table, ctx), path=path, at=target.at, help=_help(ctx))


def _message(table: Table, ctx: Context) -> str:
    return f"rows are inserted into {table.name} without {ctx.tenancy.column}"


def _help(ctx: Context) -> str:
    return f"add {ctx.tenancy.column} to the column list and give its value"


def _forgotten(schema: str, name: str, columns: tuple[str, ...], ctx: Context) -> Table | None:
    """The tenant table that rows are inserted into, if nothing gives them their tenant."""
    catalog, wanted = ctx.catalog, ctx.tenancy.column
    if wanted in columns or (not schema and name in catalog.temporary):
        return None
    table = catalog.relation(schema, name, catalog.default_path)
    if not isinstance(table, Table) or not ctx.tenancy.is_tenant(table):
        return None
    column = table.columns[wanted]
    computed = column.generated or (column.default is not None and column.default.constant is None)
    return None if computed or _filled_by_trigger(table, wanted) else table


def _filled_by_trigger(table: Table, column: str) -> bool:
    for trigger in table.triggers:
        if trigger.fact.timing == "before" and "insert" in trigger.fact.events:
            body = trigger.function.fact.body if trigger.function is not None else None
            if body is None or body.problem or {f"new.{column}", "new"} & set(body.assigns):
                return True
            if any(use.name == column for query in body.queries for use in query.columns):
                return True
    return False
