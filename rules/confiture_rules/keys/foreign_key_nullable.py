from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="foreign-key-nullable",
    subject=Constraint,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);",
    at="REFERENCES a",
)
def foreign_key_nullable(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key column may be NULL.

    Rows without the reference then exist, and every join has to think of them.

    *When not:* the reference is optional, which is common; this is a policy for models where it never is.

    *Instead:* NOT NULL, or a link table for the optional relation.
    """
    if constraint.kind != "foreign key":
        return
    columns = constraint.table.columns
    nullable = [name for name in constraint.columns if name in columns and not columns[name].not_null]
    if nullable:
        yield constraint.finding(
            f"foreign key column {', '.join(nullable)} of {constraint.table.identity} may be NULL",
            help="declare it NOT NULL",
        )
