from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="tenant-foreign-key-not-composite",
    subject=Constraint,
    severity=Severity.WARNING,
    bad="""CREATE TABLE w_customer (tenant_id uuid NOT NULL, id uuid PRIMARY KEY);
CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES w_customer (id));""",
    good="""CREATE TABLE w_customer (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id));
CREATE TABLE w_order (tenant_id uuid NOT NULL, id uuid PRIMARY KEY, customer_id uuid NOT NULL,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES w_customer (tenant_id, id));""",
    at="REFERENCES w_customer",
    config="tenancy: {column: tenant_id, type: uuid, root: w_tenant}",
    security=True,
)
def tenant_foreign_key_not_composite(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key lets a row refer to a row of another tenant.

    Foreign keys are checked without row security: who guesses an id can attach his row to it.

    *When not:* foreign keys to the tenant table and to tables that are exempt are not reported.

    *Instead:* include the tenant column on both sides: `FOREIGN KEY (tenant_id, customer_id) REFERENCES
    w_customer (tenant_id, id)`.
    """
    target = constraint.target
    if not ctx.tenancy or target is None or constraint.kind != "foreign key":
        return
    if constraint.table.partition_of is not None or not ctx.tenancy.is_tenant(constraint.table):
        return
    column = ctx.tenancy.column
    pairs = zip(constraint.columns, constraint.target_columns, strict=False)
    if ctx.tenancy.is_tenant(target) and (column, column) not in pairs and constraint.target_columns:
        own, other = ", ".join(constraint.columns), ", ".join(constraint.target_columns)
        yield constraint.finding(
            f"{constraint.table.name} may refer to a row of {target.name} that belongs to another tenant",
            help=f"FOREIGN KEY ({column}, {own}) REFERENCES {target.identity} ({column}, {other}); "
            "the referenced columns need a unique constraint",
        )
