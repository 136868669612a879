from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="tenant-column-without-foreign-key",
    subject=Table,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_tenant (id uuid PRIMARY KEY);
CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);""",
    good="""CREATE TABLE w_tenant (id uuid PRIMARY KEY);
CREATE TABLE w_order (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES w_tenant (id));""",
    at="tenant_id uuid",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    options={"chain": True, "convention": 0.8},
)
def tenant_column_without_foreign_key(table: Table, ctx: Context) -> Iterator[Finding]:
    """The tenant column of a table references nothing.

    Rows of tenants that never existed, or exist no more, stay unnoticed.

    *When not:* a composite foreign key of NOT NULL columns that takes the tenant column to another tenant
    table is accepted, unless nearly all tables of the tree (`convention`, 0.8) reference the root directly:
    then the one that does not was forgotten. Set `chain` to false to demand it everywhere.

    *Instead:* `FOREIGN KEY (tenant_id) REFERENCES w_tenant (id)`.
    """
    root = ctx.tenancy.root if ctx.tenancy else None
    if root is None or table.partition_of is not None or not ctx.tenancy.is_tenant(table):
        return
    column = table.columns[ctx.tenancy.column]
    if column.table is table and not any(_leads_on(key, root, ctx) for key in table.foreign_keys):
        key = "".join(f" ({name})" for name in root.identity_columns[:1])
        yield column.finding(
            f"{table.name}.{column.name} has no foreign key to {root.name}",
            help=f"ALTER TABLE {table.identity} ADD FOREIGN KEY ({column.name}) REFERENCES {root.identity}{key}",
        )


def _leads_on(key: Constraint, root: Table, ctx: Context) -> bool:
    if ctx.tenancy.column not in key.columns:
        return False
    if key.target is root or key.target is None:
        return True
    whole = all(name in key.table.columns and key.table.columns[name].not_null for name in key.columns)
    if not (ctx.options["chain"] and whole and ctx.tenancy.is_tenant(key.target)):
        return False
    limit = float(ctx.options["convention"])
    return float(ctx.memo("tenant-root-share", lambda: _direct_share(root, ctx))) < limit


def _direct_share(root: Table, ctx: Context) -> float:
    """The share of tenant tables that reference the root directly; 0 where there are too few to tell."""
    tables = [t for t in ctx.catalog.tables if t.partition_of is None and ctx.tenancy.is_tenant(t)]
    direct = sum(
        any(k.target is root and ctx.tenancy.column in k.columns for k in t.foreign_keys) for t in tables
    )
    return direct / len(tables) if len(tables) >= 5 else 0.0
