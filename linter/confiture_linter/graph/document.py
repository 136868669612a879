"""From a catalog and a build order to the graph of version 1 of the document."""

from collections.abc import Callable, Iterator, Sequence

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Entity
from confiture_linter.graph.drafts import merged
from confiture_linter.graph.edges import EdgeReader
from confiture_linter.graph.mentions import is_current, is_installed, living
from confiture_linter.graph.nodes import Layer, dynamic_functions, node_id, nodes_of, rules_of
from confiture_linter.graph.places import Places
from confiture_linter.graph.values import DynamicText, Graph, Mention, Node, UnresolvedName
from confiture_linter.statements import facts as f


def build_graph(
    catalog: Catalog,
    order: Sequence[str],
    text: Callable[[str], bytes],
    *,
    shown: Callable[[str], str] = str,
    layer: Layer = lambda _entity: "",
) -> Graph:
    """Build the graph; `text` gives the analysed text of a path, `shown` the path a reader sees."""
    from confiture_linter.graph.analysis import build_cycles

    places = Places(text, shown)
    rules = rules_of(catalog)
    nodes = nodes_of(catalog, rules, places, layer)
    reader = EdgeReader(catalog, rules)
    edges = merged(reader.drafts(), nodes, places)
    return Graph(
        tuple(sorted(nodes.values())),
        edges,
        tuple(map(places.path, order)),
        build_cycles(nodes, edges),
        tuple(sorted(set(_unresolved(catalog, nodes, places)))),
        tuple(sorted(set(_mentions(catalog, reader, nodes, places)))),
        tuple(sorted(_dynamic(catalog, places))),
    )


def _unresolved(catalog: Catalog, nodes: dict[str, Node], places: Places) -> Iterator[UnresolvedName]:
    seen: set[tuple[str, str, str, int]] = set()
    for item in catalog.unresolved:
        if is_installed(catalog, item.hint):
            continue
        ref, path = item.ref, item.where.path
        at = ref.at if ref.at >= 0 else item.where.statement.start
        name = f"{ref.schema}.{ref.name}" if ref.schema else ref.name
        key = (name, ref.kind, path, places.line(path, at))
        if key not in seen:
            seen.add(key)
            source = _id(catalog, item.source, nodes)
            yield UnresolvedName(name, ref.kind, places.path(path), key[3], source, item.reason, item.hint)


def _id(catalog: Catalog, source: Entity | None, nodes: dict[str, Node]) -> str:
    identifier = node_id(source) if is_current(catalog, source) else ""
    return identifier if identifier in nodes else ""


def _mentions(
    catalog: Catalog, reader: EdgeReader, nodes: dict[str, Node], places: Places
) -> Iterator[Mention]:
    for edge in catalog.edges:
        if edge.source is not None:
            continue
        target = living(catalog, edge.target)
        if target is None or node_id(target) not in nodes:
            continue
        path, statement = edge.where.path, edge.where.statement
        used = reader.used(statement).get(edge.ref.at)
        at = edge.ref.at if edge.ref.at >= 0 else statement.start
        yield Mention(
            _statement_name(statement.fact, edge.ref.use),
            node_id(target),
            places.path(path),
            places.line(path, at),
            _mentioned_columns(statement.fact, tuple(used.columns) if used else ()),
            used.exact if used else type(statement.fact) in (f.Comment, f.Grant, f.AlterOwner),
        )


def _mentioned_columns(fact: f.Fact, used: tuple[str, ...]) -> tuple[str, ...]:
    if type(fact) is f.Comment and fact.target.kind == "column":
        return (fact.target.parts[-1],)
    if type(fact) is f.CopyRows:
        return fact.columns
    return tuple(sorted(used))


def _statement_name(fact: f.Fact, use: str) -> str:
    if type(fact) is f.Execute:
        return use if use in ("insert", "update", "delete", "merge", "call") else fact.command
    if type(fact) is f.DoBlock:
        return "do"
    if type(fact) is f.CopyRows:
        return "copy"
    if type(fact) is f.Maintain:
        return fact.command
    if type(fact) is f.Grant:
        return "revoke" if fact.revoke else "grant"
    return type(fact).__name__.lower()


def _dynamic(catalog: Catalog, places: Places) -> Iterator[DynamicText]:
    for function in dynamic_functions(catalog):
        body = function.fact.body
        for item in body.dynamic if body is not None else ():
            line = places.line(function.path, item.at)
            yield DynamicText(function.id, item.text, places.path(function.path), line)
