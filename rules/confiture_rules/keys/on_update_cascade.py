from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.keys.clauses import clause_words, without


@rule(
    name="on-update-cascade",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.ALL,
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON UPDATE CASCADE);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE);",
    at="REFERENCES a ON UPDATE",
)
def on_update_cascade(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key rewrites the referencing rows when the referenced key changes.

    One UPDATE of a key writes any number of rows in any number of tables, with their indexes, and locks them until the
    transaction ends.

    *When not:* natural keys that are corrected now and then; this is a policy for models whose keys never change.

    *Instead:* a key that has no meaning, and the default, `ON UPDATE NO ACTION`.
    """
    if constraint.kind == "foreign key" and constraint.fact.on_update == "c":
        words = clause_words(constraint, ctx)
        yield constraint.finding(
            f"foreign key {constraint.name} of {constraint.table.identity} rewrites rows by ON UPDATE CASCADE",
            help="leave ON UPDATE CASCADE away and let keys be as they are",
            fix=without(constraint, words.find("on", "update", "cascade"), "do not rewrite rows"),
        )
