from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import CreateOther


@rule(
    name="create-rule",
    subject=Change,
    facts=(CreateOther,),
    severity=Severity.INFO,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="CREATE RULE keep AS ON DELETE TO w_order DO INSTEAD NOTHING;",
    good="CREATE VIEW v_order AS SELECT id FROM w_order;",
    at="CREATE RULE",
)
def create_rule(change: Change, ctx: Context) -> Iterator[Finding]:
    """A rewrite rule is put on a table.

    It takes ACCESS EXCLUSIVE, and it rewrites queries in ways that surprise: expressions are evaluated twice, COPY
    passes it by, RETURNING and row counts change.

    *When not:* a view is made with CREATE VIEW, not with a rule.

    *Instead:* a trigger, or a view with INSTEAD OF triggers.
    """
    fact = change.fact
    if isinstance(fact, CreateOther) and fact.kind == "rule":
        yield change.finding(
            f"a rule rewrites queries on {fact.name}",
            object=change.identity_of(fact.schema, fact.name),
            help="use a trigger, or a view with INSTEAD OF triggers",
        )
