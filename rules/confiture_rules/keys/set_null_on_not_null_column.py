from collections.abc import Iterator

from confiture_linter.catalog import Column, Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="set-null-on-not-null-column",
    subject=Constraint,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a ON DELETE SET NULL);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE SET NULL);",
    at="REFERENCES a ON DELETE",
)
def set_null_on_not_null_column(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key sets a NOT NULL column to NULL.

    The constraint is accepted, and then every DELETE (or key UPDATE) of a referenced row fails with a
    not-null violation of another table.

    *When not:* never; say RESTRICT if the reference must be kept.

    *Instead:* drop NOT NULL, choose CASCADE or RESTRICT, or in a composite key name the columns to clear:
    `ON DELETE SET NULL (order_id)` (PostgreSQL 15).
    """
    fact = constraint.fact
    if constraint.kind != "foreign key" or (fact.on_delete not in "nd" and fact.on_update not in "nd"):
        return
    for event, action, names in (
        ("DELETE", fact.on_delete, fact.delete_columns or constraint.columns),
        ("UPDATE", fact.on_update, constraint.columns),
    ):
        if action not in "nd":
            continue
        for name in names:
            column = constraint.table.columns.get(name)
            if column is not None and column.not_null and (action == "n" or not _has_default(column, ctx)):
                what = "NULL" if action == "n" else "DEFAULT"
                without = "" if action == "n" else " and has no default"
                yield constraint.finding(
                    f"ON {event} SET {what} writes NULL into {column.identity}, which is NOT NULL{without}",
                    help=f"drop NOT NULL from {name}, or use ON {event} RESTRICT or CASCADE",
                )


def _has_default(column: Column, ctx: Context) -> bool:
    if column.default is not None or column.fact.serial or column.identity_kind or column.generated:
        return True
    if ctx.catalog.builtin.has_type(column.type.name):
        return False
    domain = ctx.catalog.type(column.type.schema, column.type.name, ctx.catalog.default_path)
    return domain is None or domain.default is not None
