from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, quote_identifier, rule


@rule(
    name="composite-foreign-key-partially-null",
    subject=Constraint,
    severity=Severity.WARNING,
    bad=(
        "CREATE TABLE a (x int, y int, z int, PRIMARY KEY (x, y, z));\n"
        "CREATE TABLE b (x int NOT NULL, y int, z int, FOREIGN KEY (x, y, z) REFERENCES a);"
    ),
    good=(
        "CREATE TABLE a (x int, y int, z int, PRIMARY KEY (x, y, z));\n"
        "CREATE TABLE b (x int NOT NULL, y int NOT NULL, z int, FOREIGN KEY (x, y, z) REFERENCES a);"
    ),
    at="FOREIGN KEY (x, y, z)",
)
def composite_foreign_key_partially_null(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key of several columns is not checked once one of them is NULL.

    MATCH SIMPLE, the default, lets any row pass in which a single column is NULL: the others may hold
    values that exist nowhere.

    *When not:* one nullable column beside NOT NULL ones is an optional reference and is not reported, unless
    it is the tenant column; nor is a foreign key that a CHECK over all its nullable columns guards.

    *Instead:* declare the columns NOT NULL, or `MATCH FULL` where all are NULL together, or
    `CHECK (num_nulls(y, z) IN (0, 2))`.
    """
    fact = constraint.fact
    if constraint.kind != "foreign key" or len(constraint.columns) < 2 or fact.match_full:
        return
    table = constraint.table
    columns = [table.columns.get(name) for name in constraint.columns]
    nullable = [column.name for column in columns if column is not None and not column.not_null]
    optional = len(nullable) == 1 and nullable[0] != ctx.tenancy.column
    if not nullable or optional or _guarded(constraint, set(nullable)):
        return
    yield constraint.finding(
        f"foreign key {constraint.name} of {table.identity} is not checked when {' or '.join(nullable)} is NULL",
        help=_help(nullable),
    )


def _help(nullable: list[str]) -> str:
    if len(nullable) == 1:
        return f"declare {nullable[0]} NOT NULL"
    together = f"CHECK (num_nulls({', '.join(map(quote_identifier, nullable))}) IN (0, {len(nullable)}))"
    return f"declare the columns NOT NULL, or use MATCH FULL or {together}"


def _guarded(constraint: Constraint, nullable: set[str]) -> bool:
    return any(
        other.kind == "check" and nullable <= set(other.columns) for other in constraint.table.constraints
    )
