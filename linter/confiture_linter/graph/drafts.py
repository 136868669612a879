"""Mentions on their way to edges: several for one pair of objects become one edge."""

from collections.abc import Iterable
from typing import NamedTuple

from confiture_linter.graph.places import Places
from confiture_linter.graph.values import EdgeKind, GraphEdge


class Draft(NamedTuple):
    """One mention on its way to an edge."""

    source: str
    target: str
    kind: EdgeKind
    path: str
    at: int
    columns: tuple[str, ...] = ()
    exact: bool = True
    through: str = ""
    tracked: bool = True
    late: bool = False


def merged(drafts: Iterable[Draft], known: Iterable[str], places: Places) -> tuple[GraphEdge, ...]:
    """One edge for each source, target and kind, at its first place, sorted."""
    names = frozenset(known)
    groups: dict[tuple[str, str, EdgeKind], list[Draft]] = {}
    for draft in drafts:
        if draft.source != draft.target and draft.source in names and draft.target in names:
            groups.setdefault((draft.source, draft.target, draft.kind), []).append(draft)
    return tuple(_edge(groups[key], places) for key in sorted(groups))


def _edge(group: list[Draft], places: Places) -> GraphEdge:
    first = min(group, key=lambda d: (d.late, places.path(d.path), d.at))
    return GraphEdge(
        first.source,
        first.target,
        first.kind,
        places.path(first.path),
        places.line(first.path, first.at),
        tuple(sorted({name for draft in group for name in draft.columns})),
        all(draft.exact for draft in group),
        () if any(not d.through for d in group) else tuple(sorted({draft.through for draft in group})),
        any(draft.tracked for draft in group),
        all(draft.late for draft in group),
    )
