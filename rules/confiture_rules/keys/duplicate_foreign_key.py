from collections.abc import Iterator

from confiture_linter.catalog import Constraint, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule


@rule(
    name="duplicate-foreign-key",
    subject=Table,
    severity=Severity.WARNING,
    bad=(
        "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a,\n"
        "  CONSTRAINT b_a_fk FOREIGN KEY (a_id) REFERENCES a (id));"
    ),
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    at="CONSTRAINT b_a_fk",
)
def duplicate_foreign_key(table: Table, ctx: Context) -> Iterator[Finding]:
    """A table has the same foreign key twice.

    Every write pays for both checks, and if their actions differ it is chance which one runs first.

    *When not:* never on purpose; usually a constraint was added again under another name.

    *Instead:* drop one of them.
    """
    if len(table.constraints) < 2:
        return
    known: dict[tuple[int, frozenset[tuple[str, str]]], Constraint] = {}
    for constraint in table.constraints:
        target = constraint.target
        if target is None or len(constraint.columns) != len(constraint.target_columns):
            continue
        pairs = frozenset(zip(constraint.columns, constraint.target_columns, strict=True))
        first = known.setdefault((id(target), pairs), constraint)
        if first is not constraint:
            yield constraint.finding(
                f"foreign key {constraint.name} of {table.identity} repeats {first.name}",
                help=f"drop one: {constraint.name} or {first.name}",
                related=(Related(first.path, Span(first.fact.at, first.fact.at), "the same foreign key"),),
            )
