from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="constraint-not-enforced",
    subject=Constraint,
    severity=Severity.WARNING,
    config="postgres: 18",
    aliases=("ban-not-enforced-constraint",),
    bad="CREATE TABLE a (id int PRIMARY KEY, total int CONSTRAINT positive CHECK (total > 0) NOT ENFORCED);",
    good="CREATE TABLE a (id int PRIMARY KEY, total int CONSTRAINT positive CHECK (total > 0));",
    at="CONSTRAINT positive",
)
def constraint_not_enforced(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A constraint is there and holds nobody to it.

    PostgreSQL 18 stores a NOT ENFORCED constraint and never looks at it: rows that break it are written, and who reads the
    schema trusts a promise that nobody keeps.

    *When not:* it documents a rule that the data does not keep yet.

    *Instead:* NOT VALID, which holds new rows to it, then VALIDATE CONSTRAINT.
    """
    if constraint.fact.not_enforced:
        yield constraint.finding(
            f"constraint {constraint.name} of {constraint.table.identity} is not enforced: rows may break it",
            help="leave NOT ENFORCED out, or say NOT VALID to hold only new rows to it",
        )
