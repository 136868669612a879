"""`graph --format mermaid`: a flowchart for Markdown, one subgraph a layer or schema."""

from confiture_linter.graph.narrow import groups, objects_and_edges
from confiture_linter.graph.values import Graph, Node

LIMIT = 500
"""Mermaid refuses more edges than this unless the page that shows it is configured otherwise (`maxEdges`)."""

_SHAPES = {
    "table": ("[", "]"), "view": ("(", ")"), "materialized_view": ("[[", "]]"), "function": ("([", "])"),
    "procedure": ("([", "])"), "aggregate": ("([", "])"), "type": ("{{", "}}"), "sequence": (">", "]"),
}  # fmt: skip


def render(graph: Graph) -> str:
    """Return the flowchart; beyond `LIMIT` edges the rest is left out, and a note says so."""
    nodes, edges = objects_and_edges(graph)
    lines = ["flowchart LR"]
    if len(edges) > LIMIT:
        lines.append(f"  %% {len(edges)} edges, the first {LIMIT} are shown; narrow with --object NAME")
        text = f"{LIMIT} of {len(edges)} edges shown: narrow with --object NAME"
        lines.append(f'  note["{text}"]')
        edges = edges[:LIMIT]
        linked = {end for edge in edges for end in (edge.source, edge.target)}
        nodes = [node for node in nodes if node.id in linked]
    names = {node.id: f"n{number}" for number, node in enumerate(nodes)}
    for number, (name, members) in enumerate(groups(nodes).items()):
        if name:
            lines.append(f'  subgraph g{number}["{escaped(name)}"]')
        lines += [f"    {names[node.id]}{_shape(node)}" for node in members]
        if name:
            lines.append("  end")
    for edge in edges:
        arrow = "-.->" if edge.late else "-->"
        lines.append(f"  {names[edge.source]} {arrow}|{edge.kind.value}| {names[edge.target]}")
    cyclic = sorted({names[name] for cycle in graph.cycles for name in cycle if name in names})
    if cyclic:
        lines += ["  classDef cycle stroke:#c00,stroke-width:2px", f"  class {','.join(cyclic)} cycle"]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text between quotes in Mermaid: entities for what it would read as markup."""
    return "".join(character if character not in _MARKUP else f"#{ord(character)};" for character in text)


_MARKUP = frozenset('"#<>&`;\n\\')


def _shape(node: Node) -> str:
    left, right = _SHAPES.get(node.kind, ("[/", "/]"))
    return f'{left}"{escaped(node.name)}"{right}'
