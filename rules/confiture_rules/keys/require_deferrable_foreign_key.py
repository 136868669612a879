from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, rule
from confiture_rules.keys.clauses import clause_words


@rule(
    name="require-deferrable-foreign-key",
    subject=Constraint,
    severity=Severity.INFO,
    preset=Preset.ALL,
    aliases=("require-deferrable-fk",),
    bad="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);",
    good="CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a DEFERRABLE);",
    at="REFERENCES a",
)
def require_deferrable_foreign_key(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key cannot be checked at the end of a transaction.

    Whoever loads rows in bulk, or restores tables one by one, must then know the order of the tables.

    *When not:* rows are always written in the order of their references; a deferrable key cannot be the target of ON
    CONFLICT, but a foreign key never is. This is a policy.

    *Instead:* DEFERRABLE, which changes nothing until somebody says SET CONSTRAINTS … DEFERRED.
    """
    fact = constraint.fact
    if constraint.kind != "foreign key" or fact.deferrable:
        return
    words = clause_words(constraint, ctx)
    written = words.find("not", "deferrable")
    span = Span(written[0].start, written[-1].end) if written else None
    if span is None and words.tokens and words.tokens[0].text == "references" and not fact.inline:
        span = Span(words.end, words.end)
    text = "DEFERRABLE" if written else " DEFERRABLE"
    fix = None
    if span is not None and not words.find("not", "valid") and not words.find("not", "enforced"):
        fix = Fix("let it be deferred", (Edit(constraint.path, span, text),), safe=False)
    yield constraint.finding(
        f"foreign key {constraint.name} of {constraint.table.identity} is not deferrable",
        help="declare it DEFERRABLE",
        fix=fix,
    )
