"""Whether files are only a part of a schema: they use many relations that none of them makes."""

from collections.abc import Mapping

from confiture_linter.engine.context import Context
from confiture_linter.model import Span

_FEW = 3
"""Fewer relations than this are mistakes, or declared external."""
_OFTEN = 20
"""Nobody misspells a name so often."""
_ALIKE = 0.88
"""How much a name must look like one that is there to be a slip of the pen."""

Place = tuple[str, Span]


Base = Mapping[str, tuple[Place, ...]]
"""Relations that files take for granted and that are made elsewhere, with the places where each is used; none where
nothing is missing, or only by mistake."""


def unknown_base(ctx: Context) -> Base:
    """What is taken for granted; computed once a run."""
    base: Base = ctx.memo("unknown-base", lambda: _found(ctx))
    return base


def _found(ctx: Context) -> Base:
    catalog = ctx.catalog
    used: dict[str, list[Place]] = {}
    for name, place in catalog.expected.items():
        used.setdefault(name, []).append(place)
    for item in catalog.unresolved:
        if item.reason == "missing" and item.ref.kind == "relation":
            whole = Span(item.where.statement.start, item.where.statement.end)
            span = Span(item.ref.at, -2) if item.ref.at >= 0 else whole
            used.setdefault(item.ref.name, []).append((item.where.path, span))
    if not used:
        return {}
    if not ctx.history:
        present = sum(1 for _ in catalog.tables) + sum(1 for _ in catalog.views)
        return _places(used) if len(used) > 5 and len(used) > present / 2 else {}
    firm = {name for name, places in used.items() if len(places) >= _FEW or len(dict(places)) > 1}
    if not (
        len(catalog.expected) >= _FEW
        or len(firm) >= _FEW
        or any(len(places) >= _OFTEN for places in used.values())
    ):
        return {}
    there = sorted({key[1] for key in catalog.relations})
    return _places(
        {n: p for n, p in used.items() if n in firm or n in catalog.expected or not _slip(n, there)}
    )


def _places(used: Mapping[str, list[Place]]) -> dict[str, tuple[Place, ...]]:
    return {name: tuple(places) for name, places in used.items()}


def _slip(name: str, there: list[str]) -> bool:
    from difflib import get_close_matches

    return bool(get_close_matches(name, there, 1, _ALIKE))
