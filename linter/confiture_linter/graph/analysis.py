"""Questions that need a graph library; the only module that imports networkx, and callers never see it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import networkx as nx

from confiture_linter.graph.values import EdgeKind, GraphEdge, Node

_HARMLESS = frozenset({EdgeKind.PART_OF, EdgeKind.OWNED_BY, EdgeKind.SCHEMA})


def build_cycles(nodes: Mapping[str, Node], edges: Iterable[GraphEdge]) -> tuple[tuple[str, ...], ...]:
    """Objects that need one another while they are built, each group sorted, the groups sorted.

    What is needed only when a function runs closes no cycle, nor does a serial column and its sequence.
    """
    graph = nx.DiGraph()
    for edge in edges:
        if not edge.late and edge.kind not in _HARMLESS:
            source = nodes[edge.source].owner or edge.source
            target = nodes[edge.target].owner or edge.target
            graph.add_edge(source, target)
    groups = (component for component in nx.strongly_connected_components(graph) if len(component) > 1)
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def levels(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How many steps each object stands above what needs nothing; objects of one cycle share a level."""
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(pairs)
    condensed = nx.condensation(graph)
    found: dict[int, int] = {}
    for component in reversed(list(nx.topological_sort(condensed))):
        found[component] = 1 + max((found[below] for below in condensed.successors(component)), default=-1)
    return {name: found[component] for name, component in condensed.graph["mapping"].items()}


def dependents_first(names: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    """`names` so that each source of a pair stands before its target; the given order where it is free."""
    graph = nx.DiGraph()
    graph.add_nodes_from(names)
    rank = {name: position for position, name in enumerate(names)}
    graph.add_edges_from(pair for pair in pairs if pair[0] in rank and pair[1] in rank)
    condensed = nx.condensation(graph)
    members = condensed.nodes(data="members")
    first = {number: min(rank[name] for name in group) for number, group in members}
    order = nx.lexicographical_topological_sort(condensed, key=first.__getitem__)
    return [name for number in order for name in sorted(members[number], key=rank.__getitem__)]


def smallest_cover(count: int, pairs: Collection[tuple[int, int]]) -> set[int]:
    """The fewest of `count` things that touch every pair, where the pairs are transitive.

    Transitive pairs form chains and antichains: what may stay is a largest antichain, found by matching
    (Dilworth, Kőnig).
    """
    graph = nx.Graph()
    left = [("needs", number) for number in range(count)]
    graph.add_nodes_from(left, bipartite=0)
    graph.add_nodes_from((("needed", number) for number in range(count)), bipartite=1)
    graph.add_edges_from((("needs", one), ("needed", other)) for one, other in pairs)
    matching = nx.bipartite.hopcroft_karp_matching(graph, left)
    cover = nx.bipartite.to_vertex_cover(graph, matching, left)
    return {number for _, number in cover}
