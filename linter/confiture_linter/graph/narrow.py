"""A part of the graph: the neighbourhood of objects, or objects of some kinds."""

from collections.abc import Collection, Iterable

from confiture_linter.graph.values import EdgeKind, Graph, GraphEdge, Node

STRUCTURAL = frozenset({EdgeKind.PART_OF, EdgeKind.SCHEMA})
"""Edges that say where something belongs; drawings show that by other means."""


def neighbourhood(graph: Graph, centre: Iterable[str], depth: int) -> Graph:
    """The objects at most `depth` steps from `centre`, in either direction, with their parts."""
    owners = {node.id: node.owner or node.id for node in graph.nodes}
    near: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.kind not in STRUCTURAL:
            source, target = owners[edge.source], owners[edge.target]
            near.setdefault(source, set()).add(target)
            near.setdefault(target, set()).add(source)
    kept = {owners[name] for name in centre}
    ring = kept
    for _ in range(depth):
        ring = {other for name in ring for other in near.get(name, ())} - kept
        kept = kept | ring
    return _only(graph, {node.id for node in graph.nodes if owners[node.id] in kept})


def of_kinds(graph: Graph, kinds: Collection[str]) -> Graph:
    """The objects of some kinds and the edges between them."""
    return _only(graph, {node.id for node in graph.nodes if node.kind in kinds})


def _only(graph: Graph, kept: set[str]) -> Graph:
    nodes = tuple(node for node in graph.nodes if node.id in kept)
    edges = tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept)
    files = {node.file for node in nodes}
    return graph._replace(
        nodes=nodes,
        edges=edges,
        order=tuple(path for path in graph.order if path in files),
        cycles=tuple(cycle for cycle in graph.cycles if kept.issuperset(cycle)),
        unresolved=tuple(item for item in graph.unresolved if item.source in kept),
    )


def objects_and_edges(graph: Graph) -> tuple[list[Node], list[GraphEdge]]:
    """Objects without their parts, and one edge for each pair and kind between them: what drawings show."""
    owners = {node.id: node.owner or node.id for node in graph.nodes}
    shown = [node for node in graph.nodes if owners[node.id] == node.id or node.owner not in owners]
    drawn: dict[tuple[str, str, str], GraphEdge] = {}
    for edge in graph.edges:
        source, target = owners[edge.source], owners[edge.target]
        if edge.kind not in STRUCTURAL and source != target:
            drawn.setdefault((source, target, edge.kind), edge._replace(source=source, target=target))
    ids = {node.id for node in shown}
    return shown, [edge for edge in drawn.values() if edge.source in ids and edge.target in ids]


def groups(nodes: Iterable[Node]) -> dict[str, list[Node]]:
    """Nodes by layer where layers are configured, else by schema, in name order."""
    nodes = list(nodes)
    layered = any(node.layer for node in nodes)
    found: dict[str, list[Node]] = {}
    for node in nodes:
        found.setdefault(node.layer if layered else node.schema, []).append(node)
    return dict(sorted(found.items()))
