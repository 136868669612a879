"""From what a person types to a node or a column."""

from difflib import get_close_matches
from typing import NamedTuple

from confiture_linter.graph.values import Graph, Node


class Subject(NamedTuple):
    """A node, or one column of it."""

    node: Node
    column: str


class Unknown(Exception):
    """Nothing is called so, or several things are."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def find(graph: Graph, text: str, columns: dict[str, tuple[str, ...]]) -> Subject:
    """The one object that `text` names: a node id, `schema.name`, `name`, or a relation and its column.

    `columns` gives the columns of each relation by node id; a relation that is not in it may have any.
    Raises `Unknown`.
    """
    wanted = text.strip().replace('"', "")
    for spelt in dict.fromkeys((wanted, wanted.lower())):
        found = _named(graph, spelt)
        if found:
            return Subject(_only(text, found), "")
        head, _, column = spelt.removeprefix("column:").rpartition(".")
        relations = [n for n in _named(graph, head) if n.kind in _RELATIONS] if head else []
        having = [node for node in relations if column in columns.get(node.id, (column,))]
        if having:
            return Subject(_only(text, having), column)
        if relations:
            raise _no_column(relations[0], column, columns)
    raise Unknown(f"no object is called {text}", _close(graph, wanted))


_RELATIONS = frozenset({"table", "view", "materialized_view"})
_FIRST = (
    "table",
    "view",
    "materialized_view",
    "function",
    "procedure",
    "aggregate",
    "type",
    "sequence",
    "schema",
)


def _named(graph: Graph, text: str) -> list[Node]:
    """Nodes by id, by qualified name, or by name; the first of these that finds any."""
    for spellings in (_ids, _qualified, _bare):
        found = [node for node in graph.nodes if text in spellings(node)]
        if found:
            ranked = [min(_rank(node) for node in found)]
            return [node for node in found if _rank(node) in ranked]
    return []


def _rank(node: Node) -> int:
    """Objects before parts, so that a table wins over a constraint of its name."""
    return 1 if node.owner or node.kind not in _FIRST else 0


def _ids(node: Node) -> tuple[str, ...]:
    return (node.id,)


def _qualified(node: Node) -> tuple[str, ...]:
    rest = node.id.partition(":")[2]
    return rest, rest.partition("(")[0]


def _bare(node: Node) -> tuple[str, ...]:
    return node.name, node.id.partition(":")[2].removeprefix(f"{node.schema}.")


def _only(text: str, found: list[Node]) -> Node:
    if len(found) == 1:
        return found[0]
    raise Unknown(f"{text} is ambiguous", "one of " + ", ".join(node.id for node in found[:8]))


def _no_column(node: Node, column: str, columns: dict[str, tuple[str, ...]]) -> Unknown:
    close = get_close_matches(column, columns.get(node.id, ()), 1, 0.5)
    rest = node.id.partition(":")[2]
    hint = f"did you mean {rest}.{close[0]}?" if close else f"it has {', '.join(columns.get(node.id, ()))}"
    return Unknown(f"{rest} has no column {column}", hint)


def _close(graph: Graph, text: str) -> str:
    names: dict[str, str] = {}
    for node in graph.nodes:
        for spelling in (node.name, *_qualified(node)):
            names.setdefault(spelling.lower(), node.id.partition(":")[2])
    close = get_close_matches(text.lower(), sorted(names), 1, 0.5)
    return f"did you mean {names[close[0]]}?" if close else "`confiture-lint graph` lists all"
