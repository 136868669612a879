"""What is known of row security: dynamic SQL may have switched it on or made policies unseen."""

from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import Body, DoBlock

_TELLTALE = ("policy", "row level security")


def dynamic_row_security(ctx: Context) -> bool:
    """Whether dynamic SQL that runs while the tree is built may create policies or enable row security."""
    return cast("bool", ctx.memo("security.dynamic", lambda: any(map(_may_secure, _executed(ctx)))))


def _may_secure(body: Body) -> bool:
    for dynamic in body.dynamic:
        text = dynamic.text.lower()
        if not text or any(word in text for word in _TELLTALE):
            return True
    return False


def _executed(ctx: Context) -> Iterator[Body]:
    """Bodies of DO blocks, and of the functions that they and top-level queries call."""
    waiting = [
        edge.target
        for edge in ctx.catalog.edges
        if edge.source is None and edge.ref.use == "call" and isinstance(edge.target, Function)
    ]
    for where in ctx.catalog.statements:
        fact = where.statement.fact
        if isinstance(fact, DoBlock) and fact.body is not None:
            yield fact.body
    seen: set[int] = set()
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        if function.fact.body is not None:
            yield function.fact.body
        waiting += [e.target for e in ctx.dependencies.of(function) if isinstance(e.target, Function)]
