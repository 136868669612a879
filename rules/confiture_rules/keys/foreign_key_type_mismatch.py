from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.keys.column_types import spelled, unequal_pairs


@rule(
    name="foreign-key-type-mismatch",
    subject=Constraint,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id uuid PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id text REFERENCES a);",
    good="CREATE TABLE a (id uuid PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id uuid REFERENCES a);",
    at="REFERENCES a",
)
def foreign_key_type_mismatch(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key column cannot be compared with the column it references.

    PostgreSQL refuses the constraint: there is no equality operator for the two types, and no implicit
    cast from the referencing to the referenced one.

    *When not:* Django makes it, which takes the type from the model referred to, as it is by then.

    *Instead:* give the referencing column the type of the column it references.
    """
    if constraint.kind != "foreign key" or _of_django(constraint):
        return
    catalog = ctx.catalog
    for pair in unequal_pairs(catalog, constraint):
        if not pair.comparable:
            mine, theirs = spelled(catalog, pair.type), spelled(catalog, pair.target_type)
            yield constraint.finding(
                f"{pair.column.identity} is {mine} and cannot reference {pair.target.identity}, which is {theirs}",
                help=f"declare {pair.column.name} as {theirs}",
            )


def _of_django(constraint: Constraint) -> bool:
    """Whether Django makes it: the column then has the type of what it refers to when the migration runs."""
    return constraint.path.endswith(".py") and constraint.fact.initially_deferred
