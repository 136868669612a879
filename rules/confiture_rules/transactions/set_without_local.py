from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Preset, Severity, Span, rule
from confiture_linter.statements.facts import SetVariable

_NOT_SETTINGS = frozenset({"role", "session_authorization", "transaction", "session characteristics"})


@rule(
    name="set-without-local",
    subject=Change,
    facts=(SetVariable,),
    severity=Severity.INFO,
    preset=Preset.STRICT,
    config="migrations: {roots: [migrations], transaction: file}",
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="SET search_path = app;\nALTER TABLE w_order ADD COLUMN note text;",
    good="SET LOCAL search_path = app;\nALTER TABLE w_order ADD COLUMN note text;",
    at="SET search_path",
)
def set_without_local(change: Change, ctx: Context) -> Iterator[Finding]:
    """A setting made in a transaction outlives it.

    Tools run migrations one after the other in one session: the next one runs under this setting, too.

    *When not:* the file does not run in a transaction, where LOCAL has no effect.

    *Instead:* SET LOCAL.
    """
    fact = change.fact
    if not isinstance(fact, SetVariable) or fact.local or fact.reset or not change.in_block:
        return
    found = ctx.words(change.path, change.span).find("set")
    if not found or fact.name.lower() in _NOT_SETTINGS:
        return
    start, end = found[0].end, change.span.end
    session = ctx.words(change.path, Span(start, end)).tokens[:1]
    if session and session[0].text == "session":
        edit = Edit(change.path, Span(session[0].start, session[0].end), "LOCAL")
    else:
        edit = Edit(change.path, Span(start, start), " LOCAL")
    yield change.finding(
        f"{fact.name} stays set for the next migrations of the session",
        help="SET LOCAL",
        fix=Fix("make it local to the transaction", (edit,), safe=True),
    )
