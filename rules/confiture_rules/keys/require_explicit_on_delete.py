from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, rule
from confiture_rules.keys.clauses import after_target, clause_words


@rule(
    name="require-explicit-on-delete",
    subject=Constraint,
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE NO ACTION);",
    at="REFERENCES a",
)
def require_explicit_on_delete(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key does not say what happens when the referenced row is deleted.

    NO ACTION is what PostgreSQL does then; whether somebody wanted that, or did not think of it, cannot be read.

    *When not:* ON DELETE is written, with whatever action; this is a policy.

    *Instead:* write ON DELETE with the action that is meant. The fix writes the one that holds today.
    """
    if constraint.kind != "foreign key" or constraint.fact.on_delete != "a":
        return
    words = clause_words(constraint, ctx)
    at = after_target(constraint, words)
    if at < 0 or words.find("on", "delete"):
        return
    edit = Edit(constraint.path, Span(at, at), " ON DELETE NO ACTION")
    yield constraint.finding(
        f"foreign key {constraint.name} of {constraint.table.identity} does not say what a DELETE of the referenced row "
        "does",
        help="write ON DELETE NO ACTION, or the action that is meant",
        fix=Fix("write the action that holds today", (edit,)),
    )
