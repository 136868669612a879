"""`graph --format dot`: objects for Graphviz, one cluster a layer or schema."""

from confiture_linter.graph.narrow import groups, objects_and_edges
from confiture_linter.graph.values import Graph, GraphEdge, Node

_SHAPES = {
    "table": "box", "view": "box", "materialized_view": "box", "function": "ellipse", "procedure": "ellipse",
    "aggregate": "ellipse", "type": "hexagon", "sequence": "cds", "schema": "folder", "extension": "component",
}  # fmt: skip


def render(graph: Graph) -> str:
    """Return the digraph; what is needed only at run time is dashed, objects in cycles are red."""
    nodes, edges = objects_and_edges(graph)
    cyclic = {name for cycle in graph.cycles for name in cycle}
    lines = ["digraph schema {", "  rankdir=LR;", '  node [fontname="sans-serif", fontsize=10];',
             '  edge [fontname="sans-serif", fontsize=8];']  # fmt: skip
    for number, (name, members) in enumerate(groups(nodes).items()):
        if name:
            lines.append(f"  subgraph cluster_{number} {{")
            lines.append(f"    label={quoted(name)};")
            lines += ["  " + _node(node, cyclic) for node in members]
            lines.append("  }")
        else:
            lines += [_node(node, cyclic) for node in members]
    lines += [_edge(edge) for edge in edges]
    return "\n".join([*lines, "}"]) + "\n"


def quoted(text: str) -> str:
    """A string of the DOT language: only the quote and the backslash need escaping."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _node(node: Node, cyclic: set[str]) -> str:
    attributes = [f"label={quoted(node.name)}", f"shape={_SHAPES.get(node.kind, 'note')}",
                  f"tooltip={quoted(f'{node.id} {node.file}:{node.line}')}"]  # fmt: skip
    if node.kind in ("view", "materialized_view"):
        attributes.append('style="rounded"')
    if node.id in cyclic:
        attributes.append('color="red"')
    return f"  {quoted(node.id)} [{', '.join(attributes)}];"


def _edge(edge: GraphEdge) -> str:
    style = ", style=dashed" if edge.late else ""
    return f"  {quoted(edge.source)} -> {quoted(edge.target)} [label={quoted(edge.kind.value)}{style}];"
