from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, Drop
from confiture_rules.destructive.victims import victims_of_cascade


@rule(
    name="drop-cascade",
    subject=Change,
    facts=(AlterTable, Drop),
    severity=Severity.ERROR,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCREATE VIEW v_order AS SELECT id FROM w_order;",
    bad="DROP TABLE w_order CASCADE;",
    good="DROP VIEW v_order;\nDROP TABLE w_order;",
    at="DROP TABLE",
)
def drop_cascade(change: Change, ctx: Context) -> Iterator[Finding]:
    """CASCADE drops whatever depends on an object, without naming it.

    Views, foreign keys, policies, defaults and functions disappear, with their grants and comments.

    *When not:* what is dropped is made by the same change, or nothing depends on it.

    *Instead:* drop what depends on it by name, in order, and leave CASCADE out.
    """
    fact = change.fact
    if not isinstance(fact, AlterTable | Drop):
        return
    cascades = fact.cascade if isinstance(fact, Drop) else any(command.cascade for command in fact.commands)
    victims = victims_of_cascade(change) if cascades else None
    if victims is None or (not victims and change.migration.tool == "django"):
        return  # Django always says CASCADE
    word = ctx.words(change.path, change.span).find("cascade")
    fix = (
        Fix(
            "leave CASCADE out",
            (Edit(change.path, Span(word[0].start, word[0].end), "RESTRICT"),),
            safe=False,
        )
        if word
        else None
    )
    what = ", ".join(victims) if victims else "whatever depends on it"
    yield change.finding(f"CASCADE drops {what}", help="drop what depends on it by name, in order", fix=fix)
