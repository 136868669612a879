from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, rule


@rule(
    name="missing-constraint",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nALTER TABLE w_order VALIDATE CONSTRAINT w_order_total_check;",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric, CONSTRAINT w_order_total_check CHECK (total > 0) NOT VALID);\n"
    "ALTER TABLE w_order VALIDATE CONSTRAINT w_order_total_check;",
    at="ALTER TABLE w_order",
)
def missing_constraint(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A constraint is dropped or validated that the table does not have.

    PostgreSQL refuses the statement. Names that PostgreSQL chooses itself, such as `t_pkey` and
    `t_a_b_fkey`, are known.

    *When not:* tables whose definition is not fully known are left alone.

    *Instead:* correct the name, or say IF EXISTS when dropping.
    """
    for conflict in catalog.conflicts:
        if conflict.kind == "missing-constraint":
            table, _, name = conflict.name.rpartition(".")
            related = (Related(*conflict.first, "the table is defined here"),) if conflict.first else ()
            yield Finding(
                conflict.path,
                conflict.span,
                f"table {table} has no constraint {name}",
                table,
                "correct the name, or say IF EXISTS",
                related=related,
            )
