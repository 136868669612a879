from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule


@rule(
    name="on-delete-cascade",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.ALL,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE RESTRICT);",
    at="REFERENCES a ON DELETE",
)
def on_delete_cascade(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key deletes the referencing rows along with the referenced one.

    One DELETE silently removes any number of rows in any number of tables.

    *When not:* parts of a whole, such as the lines of an order; this is a policy for models that archive.

    *Instead:* `ON DELETE RESTRICT`, and delete on purpose.
    """
    if constraint.kind == "foreign key" and constraint.fact.on_delete == "c":
        yield constraint.finding(
            f"foreign key {constraint.name} of {constraint.table.identity} deletes rows by CASCADE",
            help="use ON DELETE RESTRICT and delete the rows on purpose",
        )
