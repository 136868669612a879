from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.catalog.types import canonical
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import TypeName


@rule(
    name="tenant-column-type-mismatch",
    subject=Table,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id text NOT NULL);",
    good="CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);",
    at="tenant_id",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
)
def tenant_column_type_mismatch(table: Table, ctx: Context) -> Iterator[Finding]:
    """The tenant column of a table has another type than everywhere else.

    It cannot reference the tenant table, joins need casts, and casts keep indexes from being used.

    *When not:* a domain over the type, and the type of the tenant table's own key, are accepted.

    *Instead:* give the column the type configured as `tenancy.type`.
    """
    if not ctx.tenancy or table.partition_of is not None or not ctx.tenancy.is_tenant(table):
        return
    column = table.columns[ctx.tenancy.column]
    if column.table is not table:
        return
    wanted = {canonical(ctx.tenancy.type.lower())} | _root_type(ctx)
    known = _base_names(column.type, ctx)
    if known and known.isdisjoint(wanted):
        yield column.finding(
            f"{table.name}.{column.name} is {column.type.name}, not {ctx.tenancy.type}",
            help=f"make it {ctx.tenancy.type}, as in the other tables",
        )


def _root_type(ctx: Context) -> set[str]:
    root = ctx.tenancy.root
    key = root.identity_columns if root is not None else ()
    if root is None or len(key) != 1 or key[0] not in root.columns:
        return set()
    return _base_names(root.columns[key[0]].type, ctx)


def _base_names(written: TypeName, ctx: Context) -> set[str]:
    """Names of a type and of what it is a domain over; empty if it is not known."""
    if written.array or written.percent_type:
        return set()
    if written.schema in ("", "pg_catalog") and ctx.catalog.builtin.has_type(canonical(written.name)):
        return {canonical(written.name)}
    found = ctx.catalog.type(written.schema, written.name, ctx.catalog.default_path)
    if found is None:
        return set()
    names = {found.name, found.identity}
    return names | (_base_names(found.base, ctx) if found.form == "domain" and found.base else set())
