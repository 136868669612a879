"""Build order of files: computed from what they need of one another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.catalog import Catalog, Edge
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Ref

if TYPE_CHECKING:
    from confiture_linter.graph.hints import Hints


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
    from confiture_linter.graph.hints import Hints

    return _file_edges(catalog, Hints(catalog, given=True))


class Needs(NamedTuple):
    """What stands between the files of a tree."""

    edges: list[FileEdge]
    """What is certain; `file_edges`."""
    hints: list[tuple[str, str]]
    """What is likely (`Hints.pairs`): the first file comes after the second if nothing stands against it."""
    meant: bool = False
    """Whether the files are named, or numbered, so that most of what they need comes first."""

    def weights(
        self,
        edges: Iterable[FileEdge],
        said: Iterable[tuple[str, str]],
        versions: Iterable[tuple[str, str]],
    ) -> dict[tuple[str, str], float]:
        """How much it matters that the first file of a pair comes after the second; `versions`: else that one is lost."""
        found = dict.fromkeys(self.hints, LIKELY)
        found.update(dict.fromkeys(said, SAID))
        found.update(dict.fromkeys(((edge.source, edge.target) for edge in edges), CERTAIN))
        found.update(dict.fromkeys(versions, LOST))
        return found


LIKELY, SAID, CERTAIN, LOST = 5.0, 200.0, 100.0, 1000.0
"""What hints weigh, what authors say in the heads of their files, what is needed as far as the tree was replayed, and a
file that cannot run."""


def needs(
    catalog: Catalog,
    *,
    given: bool = False,
    said: Sequence[tuple[str, str]] = (),
    text: Callable[[str], bytes] = lambda path: b"",
    settled: bool = False,
) -> Needs:
    """Everything that decides about a computed order; of an order somebody wrote down, only certain things.

    `said`: pairs of files of which, by their authors' word, the first comes after the second.
    `settled`: the order of replay is one that was computed, not that of the names.
    """
    from confiture_linter.graph.hints import Hints

    hints = Hints(catalog, given=given, said=said, text=text)
    edges = _file_edges(catalog, hints)
    if given:
        return Needs(edges, [])
    pairs = [*hints.pairs(), *hints.guesses()]
    if settled:
        pairs += hints.gaps()
    rank = {path: position for position, path in enumerate(dict.fromkeys(w.path for w in catalog.statements))}
    meant = _means_something(rank, edges)
    if meant:
        weak = set(hints.guesses())
        pairs = [pair for pair in pairs if pair not in weak or rank.get(pair[0], 0) > rank.get(pair[1], 0)]
    return Needs(edges, list(dict.fromkeys(pairs)), meant)


MEANT = 0.85
"""Share of certain needs that an order must satisfy to be somebody's; names without meaning satisfy a half."""


ENOUGH = 50
"""Needs between files from which on their share says something."""


def _means_something(rank: dict[str, int], edges: Sequence[FileEdge]) -> bool:
    """Whether the files are named, or numbered, so that most of what they need comes first; few may by chance."""
    if len(edges) < ENOUGH:
        return False
    satisfied = sum(rank[edge.source] > rank[edge.target] for edge in edges if edge.target in rank)
    return satisfied >= MEANT * len(edges)


def _file_edges(catalog: Catalog, hints: "Hints") -> list[FileEdge]:
    chosen: dict[tuple[str, str], FileEdge] = {}
    targets = (
        Edge(None, maker.entity(), ref, step.where, False, False) for step, ref, maker in hints.targets()
    )
    for edge in (*catalog.edges, *schema_edges(catalog), *extension_edges(catalog), *targets):
        source = edge.where.path
        if edge.late or not edge.target.path:
            continue
        original = hints.original(edge.target, source)
        if original is not edge.target:
            edge = edge._replace(target=original)
        target = original.path
        if source == target:
            continue
        known = chosen.get((source, target))
        if known is None or (_movable(known.edge) and not _movable(edge)):
            chosen[source, target] = FileEdge(source, target, edge)
    return list(chosen.values())


_TAKING = frozenset({"DropColumn", "DropConstraint", "DetachPartition", "AlterColumnType", "DropNotNull"})


def takes_away(catalog: Catalog) -> bool:
    """Whether a tree drops, renames, replaces or changes anything, so that what can run changes while it is built."""
    from confiture_linter.graph.makers import steps
    from confiture_linter.graph.mentioned import input_types

    made: dict[tuple[str, ...], tuple[str, bool]] = {}
    for step in steps(catalog):
        fact = step.statement.fact
        if type(fact) is f.CreateFunction or type(fact) is f.CreateView:
            key = (fact.schema, fact.name, *(input_types(fact) if type(fact) is f.CreateFunction else ()))
            path, replaces = made.setdefault(key, (step.where.path, fact.replace))
            # Of two that are made without OR REPLACE the second fails, wherever it stands: nothing changes.
            if path != step.where.path and (replaces or fact.replace):
                return True
        if isinstance(fact, f.Drop | f.Rename | f.SetSchema | f.AlterEnum):
            return True
        if type(fact) is f.AlterTable and any(command.kind in _TAKING for command in fact.commands):
            return True
    return False


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


def order_of(
    files: Sequence[str], edges: Iterable[FileEdge], hints: Sequence[tuple[str, str]] = ()
) -> FileOrder:
    """Order `files` so that every edge points backwards, keeping the given order where it is free.

    A hint is followed unless that would close a cycle; earlier hints go first.

    Where files need one another an edge is broken: a foreign key if there is one, else the edge that goes
    furthest against the given order.
    """
    rank = {path: position for position, path in enumerate(files)}
    needs: dict[str, set[str]] = {path: set() for path in files}
    edges = list(edges)
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
    if hints:
        ordered = _hinted(needs, [(s, t) for s, t in hints if s in rank and t in rank and s != t], rank)
    return FileOrder(tuple(ordered), tuple(broken), tuple(cycles))


def _hinted(needs: dict[str, set[str]], hints: list[tuple[str, str]], rank: dict[str, int]) -> list[str]:
    """The order with all hints; where they close cycles, with those that do not, taken one after the other."""
    wanted = {path: set(targets) for path, targets in needs.items()}
    for source, target in hints:
        wanted[source].add(target)
    ordered, rest = _kahn(wanted, rank)
    if not rest:
        return ordered
    wanted = {path: set(targets) for path, targets in needs.items()}
    for source, target in hints:
        if source not in rest or target not in rest or not _reaches(target, source, wanted):
            wanted[source].add(target)
    return _kahn(wanted, rank)[0]


def _reaches(start: str, goal: str, needs: dict[str, set[str]]) -> bool:
    seen = {start}
    queue = [start]
    while queue:
        for target in needs[queue.pop()]:
            if target == goal:
                return True
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return False


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


__all__ = [
    "FileEdge",
    "FileOrder",
    "Needs",
    "extension_edges",
    "file_edges",
    "needs",
    "order_of",
    "takes_away",
]
