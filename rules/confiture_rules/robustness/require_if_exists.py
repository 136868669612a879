from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, rule
from confiture_linter.statements.facts import CreateIndex, CreateSchema, CreateSequence, CreateTable, Drop


@rule(
    name="require-if-exists",
    subject=Change,
    facts=(CreateIndex, CreateSchema, CreateSequence, CreateTable, Drop),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    aliases=("require-if-not-exists",),
    config="migrations: {roots: [migrations], transaction: none}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="DROP TABLE w_order;\nCREATE TABLE IF NOT EXISTS w_note (id bigint);",
    good="DROP TABLE IF EXISTS w_order;\nCREATE TABLE IF NOT EXISTS w_note (id bigint);",
    at="DROP TABLE",
)
def require_if_exists(change: Change, ctx: Context) -> Iterator[Finding]:
    """A statement outside of a transaction fails when the file is run a second time.

    When a later statement fails, this one stays done; running the file again stops here.

    *When not:* it runs in a transaction, which takes it back; or it is the last statement of the file. An index built
    CONCURRENTLY has a rule of its own: invalid-index-retry.

    *Instead:* IF EXISTS, IF NOT EXISTS.
    """
    fact = change.fact
    if change.in_block or change.effects.error or not change.ahead:
        return
    if isinstance(fact, Drop):
        guarded, where, word = fact.if_exists, _after_kind, " IF EXISTS"
    else:
        guarded = bool(getattr(fact, "if_not_exists", True)) or getattr(fact, "alter", False)
        where, word = _after_kind, " IF NOT EXISTS"
    if guarded or (isinstance(fact, CreateIndex) and (fact.concurrently or not fact.name)):
        return
    at = where(change, ctx)
    yield change.finding(
        "fails when the file is run a second time",
        help=f"write{word}",
        fix=Fix(f"write{word}", (Edit(change.path, Span(at, at), word),), safe=False) if at else None,
    )


_KINDS = frozenset({"table", "view", "index", "sequence", "schema", "type", "domain", "function", "procedure", "trigger",
                    "policy", "extension", "aggregate", "routine"})  # fmt: skip


def _after_kind(change: Change, ctx: Context) -> int:
    """Behind the word that says what is made or dropped."""
    for token in ctx.words(change.path, change.span).tokens:
        if token.text in _KINDS:
            return token.end
    return 0
