from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import (
    CreateFunction,
    CreateSequence,
    CreateType,
    CreateView,
    Drop,
    ObjectPath,
)
from confiture_rules.destructive.dropped import dropped

_MADE = (CreateType, CreateView, CreateSequence)
_KINDS = ("type", "domain", "sequence", "view", "materialized view", "function", "procedure", "extension")


@rule(
    name="drop-object",
    subject=Change,
    facts=(Drop,),
    severity=Severity.WARNING,
    aliases=("drop-type", "drop-extension", "drop-sequence", "drop-domain", "drop-view", "drop-function"),
    given="CREATE TYPE status AS ENUM ('new');\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="DROP TYPE status;",
    good="DROP TYPE status;\nCREATE TYPE status AS ENUM ('new', 'paid');",
    at="status",
)
def drop_object(change: Change, ctx: Context) -> Iterator[Finding]:
    """A type, domain, sequence, view, function or extension is dropped.

    What the running application, or a table that is not in the tree, still uses of it fails.

    *When not:* the same file makes it again, or has made it; trigger functions, which only triggers call.

    *Instead:* stop using it, release that, then drop it.
    """
    items = [item for item in dropped(change, *_KINDS) if not _only_here(change, item.target)]
    if not items:
        return
    # One statement that drops many is one thing to say.
    first, *others = items
    shown = [item.written for item in items[:3]]
    more = f" and {len(items) - len(shown)} more" if len(items) > len(shown) else ""
    yield change.finding(
        f"{first.target.kind} {', '.join(shown)}{more} {'are' if others else 'is'} dropped",
        span=ctx.place_of(first.target.parts[-1], change.path, change.span),
        object=first.identity,
        help="stop using it, release that, then drop it",
    )


def _only_here(change: Change, target: ObjectPath) -> bool:
    """Whether the script made it for itself, or it is a function that only triggers call."""
    name = target.parts[-1]
    made = [s.where.statement.fact for s in change.earlier if s.where.path == change.path]
    if target.kind not in ("function", "procedure"):
        return any(isinstance(f, _MADE) and f.name == name and not _replaces(f) for f in made)
    group = change.catalog.overloads(target.parts[-2] if len(target.parts) > 1 else "", name)
    returns = [item.fact.returns for item in group if isinstance(item, Function)]
    return (
        not group
        or any(isinstance(fact, CreateFunction) and fact.name == name for fact in made)
        or (bool(returns) and all(r is not None and r.name in ("trigger", "event_trigger") for r in returns))
    )


def _replaces(made: CreateType | CreateView | CreateSequence) -> bool:
    """Whether something of that name may have been there before."""
    return bool(
        getattr(made, "replace", False)
        or getattr(made, "alter", False)
        or getattr(made, "if_not_exists", False)
    )
