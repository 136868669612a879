"""Build order of files: computed from what they need of one another."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Edge
from confiture_linter.statements.facts import Ref


class FileEdge(NamedTuple):
    """`source` must run after `target`; `edge` is one mention that says so."""

    source: str
    target: str
    edge: Edge


class FileOrder(NamedTuple):
    """Files in an order that builds, and what stands in its way."""

    files: tuple[str, ...]
    broken: tuple[FileEdge, ...]
    """Edges that had to be ignored to get an order: each closes a cycle."""
    cycles: tuple[tuple[str, ...], ...]
    """Files that need one another, each group in the order chosen."""


def file_edges(catalog: Catalog) -> list[FileEdge]:
    """What each file needs of the others at build time, one edge a pair, foreign keys last.

    An edge that a foreign key alone makes can be moved to an ALTER TABLE of its own, so it is the one to
    break; any other mention of the same pair takes its place.
    """
    chosen: dict[tuple[str, str], FileEdge] = {}
    for edge in (*catalog.edges, *schema_edges(catalog), *extension_edges(catalog)):
        target = edge.target.path
        source = edge.where.path
        if edge.late or source == target or not target:
            continue
        known = chosen.get((source, target))
        if known is None or (_movable(known.edge) and not _movable(edge)):
            chosen[source, target] = FileEdge(source, target, edge)
    return list(chosen.values())


def schema_edges(catalog: Catalog) -> Iterator[Edge]:
    """The schema that each definition names and the tree creates; mentions of schemas make no other edges."""
    for where in catalog.statements:
        name = getattr(where.statement.fact, "schema", "")
        schema = catalog.schemas.get(name) if name else None
        if schema is not None and schema.path != where.path:
            at = getattr(where.statement.fact, "at", -1)
            yield Edge(None, schema, Ref("schema", "", name, at, "define"), where, False, False)


def extension_edges(catalog: Catalog) -> Iterator[Edge]:
    """Mentions of what an extension provides that the tree itself installs."""
    for item in catalog.unresolved:
        if not item.hint.startswith("extension "):
            continue
        for name in item.hint.removeprefix("extension ").split(" or "):
            extension = catalog.extensions.get(name)
            if extension is not None:
                yield Edge(item.source, extension, item.ref, item.where, item.late, False)
                break


def _movable(edge: Edge) -> bool:
    return edge.ref.use in ("reference", "own", "include")


def order_of(files: Sequence[str], edges: Iterable[FileEdge]) -> FileOrder:
    """Order `files` so that every edge points backwards, keeping the given order where it is free.

    Where files need one another an edge is broken: a foreign key if there is one, else the edge that goes
    furthest against the given order.
    """
    rank = {path: position for position, path in enumerate(files)}
    needs: dict[str, set[str]] = {path: set() for path in files}
    for edge in edges:
        if edge.source in rank and edge.target in rank:
            needs[edge.source].add(edge.target)
    by_pair = {(edge.source, edge.target): edge for edge in edges}
    broken: list[FileEdge] = []
    cycles: list[tuple[str, ...]] = []
    while True:
        ordered, rest = _kahn(needs, rank)
        if not rest:
            break
        group = _one_cycle(rest, needs, rank)
        if not broken or not any(set(group) <= set(cycle) for cycle in cycles):
            cycles.append(tuple(sorted(group, key=rank.__getitem__)))
        candidates = [by_pair[group[i], group[(i + 1) % len(group)]] for i in range(len(group))]
        victim = min(
            candidates,
            key=lambda e: (not _movable(e.edge), rank[e.source] - rank[e.target], e.source, e.target),
        )
        needs[victim.source].discard(victim.target)
        broken.append(victim)
    return FileOrder(tuple(ordered), tuple(broken), tuple(cycles))


def _kahn(needs: dict[str, set[str]], rank: dict[str, int]) -> tuple[list[str], set[str]]:
    """Topological order with the smallest rank first; also what lies on or behind a cycle."""
    open_needs = {path: len(wanted) for path, wanted in needs.items()}
    needed_by: dict[str, list[str]] = {}
    for path, wanted in needs.items():
        for target in wanted:
            needed_by.setdefault(target, []).append(path)
    ready = [(rank[path], path) for path, count in open_needs.items() if count == 0]
    heapify(ready)
    ordered = []
    while ready:
        _, path = heappop(ready)
        ordered.append(path)
        for source in needed_by.get(path, ()):
            open_needs[source] -= 1
            if open_needs[source] == 0:
                heappush(ready, (rank[source], source))
    return ordered, set(needs) - set(ordered)


def _one_cycle(rest: set[str], needs: dict[str, set[str]], rank: dict[str, int]) -> list[str]:
    """Follow needs inside `rest` until a file comes up twice; the files between, each needing the next."""
    path = min(rest, key=rank.__getitem__)
    seen: dict[str, int] = {}
    walk: list[str] = []
    while path not in seen:
        seen[path] = len(walk)
        walk.append(path)
        path = min((target for target in needs[path] if target in rest), key=rank.__getitem__)
    return walk[seen[path] :]


__all__ = ["FileEdge", "FileOrder", "extension_edges", "file_edges", "order_of"]
