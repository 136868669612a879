"""What breaks when an object or a column goes, in which order it can be dropped, and what comes back after."""

import re
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from confiture_linter.graph.find import Subject
from confiture_linter.graph.statements import drop_statement
from confiture_linter.graph.values import EdgeKind, Graph, GraphEdge, Mention, Node


class Dependent(NamedTuple):
    """One thing that needs the subject, directly or through others."""

    id: str
    kind: str
    """Kind of the node, or `column` for a column's type or default."""
    file: str
    line: int
    """Where the need is written."""
    use: str
    """How it needs the step before it: the kind of the edge."""
    path: tuple[str, ...]
    """From the subject to this dependent, both included."""
    certain: bool
    """False where it cannot be told whether the column is used."""
    tracked: bool
    """Whether PostgreSQL refuses the DROP because of it; False: it fails only when it runs."""


class Impact(NamedTuple):
    """The answer for one subject."""

    subject: str
    kind: str
    file: str
    line: int
    dependents: tuple[Dependent, ...]
    """Nearest first."""
    statements: tuple[Mention, ...]
    """Statements of the tree that define nothing but need the subject."""
    dynamic: tuple[str, ...]
    """Functions that may need it: their dynamic SQL has its name in it."""
    drop: tuple[str, ...]
    """Statements that take everything away, dependents first."""
    recreate: tuple[str, ...]
    """Ids to create again afterwards, in order."""


class _Step(NamedTuple):
    node: str
    column: str
    """Only this column goes; empty: the whole object."""
    path: tuple[str, ...]
    certain: bool
    tracked: bool


class _Search:
    """One breadth-first walk against the direction of dependency."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = {node.id: node for node in graph.nodes}
        self.incoming: dict[str, list[GraphEdge]] = {}
        for edge in graph.edges:
            self.incoming.setdefault(edge.target, []).append(edge)
        self.found: dict[str, Dependent] = {}
        self.pairs: set[tuple[str, str]] = set()

    def run(self, start: _Step) -> None:
        for certain in (True, False):
            queue = deque([start])
            seen = {(start.node, start.column)}
            while queue:
                step = queue.popleft()
                for edge in self.incoming.get(step.node, ()):
                    uses = _uses(edge, step.column)
                    if uses is None or (certain and not uses):
                        continue
                    for after in self._reached(edge, step, uses):
                        if (after.node, after.column) not in seen:
                            seen.add((after.node, after.column))
                            queue.append(after)

    def _reached(self, edge: GraphEdge, step: _Step, uses: bool) -> Iterable[_Step]:
        certain, tracked = step.certain and uses, edge.tracked
        if edge.kind is EdgeKind.OWNED_BY or (edge.kind is EdgeKind.PART_OF and not step.column):
            return  # goes with it
        for part in edge.through or (edge.source,):
            path = (*step.path, part)
            if part.startswith("column:"):
                column = part.rpartition(".")[2]
                self._note(part, "column", edge, path, certain, tracked)
                if edge.kind is EdgeKind.TYPE:
                    yield _Step(edge.source, column, path, certain, tracked)
            elif part != edge.source:
                self._note(part, self.nodes[part].kind, edge, path, certain, tracked)
            else:
                self._note(part, self.nodes[part].kind, edge, path, certain, tracked)
                kept = edge.kind in (EdgeKind.INHERITS, EdgeKind.PARTITION) and step.column
                yield _Step(edge.source, step.column if kept else "", path, certain, tracked)

    def _note(
        self, part: str, kind: str, edge: GraphEdge, path: tuple[str, ...], certain: bool, tracked: bool
    ) -> None:
        self.pairs.add((part, path[-2]))
        if part not in self.found and part != path[0]:
            self.found[part] = Dependent(
                part, kind, edge.file, edge.line, edge.kind.value, path, certain, tracked
            )


def _uses(edge: GraphEdge, column: str) -> bool | None:
    """Whether the edge needs the column: True, False for "cannot be told", None for no."""
    if not column or column in edge.columns:
        return True
    if edge.kind is EdgeKind.SCHEMA or edge.exact:
        return None
    return False


def impact(graph: Graph, subject: Subject) -> Impact:
    """Who breaks when `subject` goes."""
    node, column = subject
    identifier = f"column:{node.id.partition(':')[2]}.{column}" if column else node.id
    search = _Search(graph)
    for edge in _keyed(graph, node) if node.kind in ("constraint", "index") else ():
        search.incoming.setdefault(node.id, []).append(edge._replace(target=node.id))
    search.run(_Step(node.id, column, (identifier,), True, True))
    dependents = sorted(search.found.values(), key=lambda d: (not d.certain, len(d.path), d.kind, d.id))
    tracked = _tracked(dependents)
    dropped = _drop_order([identifier, *(d.id for d in tracked)], search.pairs)
    defaults = {d.id for d in tracked if d.kind == "column" and d.use != EdgeKind.TYPE}
    return Impact(
        identifier,
        "column" if column else node.kind,
        node.file,
        node.line,
        tuple(dependents),
        tuple(m for m in graph.mentions if m.target == node.id and _mention_uses(m, column)),
        _dynamic(graph, node, {d.id for d in dependents}),
        tuple(drop_statement(name, search.nodes, default=name in defaults) for name in dropped),
        tuple(name for name in reversed(dropped) if name != identifier),
    )


def _keyed(graph: Graph, node: Node) -> list[GraphEdge]:
    """The foreign keys that need a key constraint or unique index: they reference its columns."""
    foreign = [edge for edge in graph.edges if edge.kind is EdgeKind.REFERENCES and edge.target == node.owner]
    if not foreign or any(node.id in edge.through for edge in graph.edges):
        return []
    key = next((e.columns for e in graph.edges if e.source == node.id and e.kind is EdgeKind.PART_OF), ())
    return [edge for edge in foreign if edge.columns == key]


def _tracked(dependents: list[Dependent]) -> list[Dependent]:
    """Dependents that stand in the way of a DROP: tracked all the way."""
    hard = {d.id for d in dependents if d.tracked and d.certain}
    return [d for d in dependents if d.id in hard and all(step in hard for step in d.path[1:])]


def _drop_order(names: list[str], pairs: set[tuple[str, str]]) -> list[str]:
    from confiture_linter.graph.analysis import dependents_first

    return dependents_first(list(reversed(names)), sorted(pairs))


def _mention_uses(mention: Mention, column: str) -> bool:
    return not column or column in mention.columns or not mention.exact


def _dynamic(graph: Graph, node: Node, known: set[str]) -> tuple[str, ...]:
    word = re.compile(rf"(?<![\w$]){re.escape(node.name)}(?![\w$])", re.IGNORECASE)
    sources = {item.source for item in graph.dynamic if word.search(item.text)}
    return tuple(sorted(sources - known - {node.id}))
