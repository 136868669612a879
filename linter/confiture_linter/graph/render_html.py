"""`graph --format html`: one page without network that lets a person walk through the graph."""

from confiture_linter.graph.narrow import STRUCTURAL
from confiture_linter.graph.values import Graph
from confiture_linter.page import document, own_file


def render(graph: Graph) -> str:
    """Return the page: what lies in `viewer` with the graph put in as compact JSON."""
    return document(
        "graph",
        "Schema graph",
        own_file(__package__, "viewer/body.html"),
        _compact(graph),
        style=own_file(__package__, "viewer/viewer.css"),
        script=own_file(__package__, "viewer/viewer.js"),
    )


def _compact(graph: Graph) -> dict[str, object]:
    """Nodes by number, edges as rows: a third of the size of the document."""
    from confiture_linter.graph.analysis import levels

    number = {node.id: position for position, node in enumerate(graph.nodes)}
    paths = {path: position for position, path in enumerate(dict.fromkeys(
        [*graph.order, *(n.file for n in graph.nodes), *(e.file for e in graph.edges)]))}  # fmt: skip
    owners = {node.id: node.owner or node.id for node in graph.nodes}
    built = [(owners[e.source], owners[e.target]) for e in graph.edges
             if not e.late and e.kind not in STRUCTURAL and e.kind != "owned-by"]  # fmt: skip
    level = levels(owners, built)
    return {
        "files": list(paths),
        "ordered": len(graph.order),
        "nodes": [
            [n.id, n.kind, n.schema, n.name, number.get(n.owner, -1), paths[n.file], n.line, n.layer, level[n.id]]
            for n in graph.nodes
        ],
        "edges": [
            [number[e.source], number[e.target], e.kind.value, paths[e.file], e.line, list(e.columns),
             int(e.exact), list(e.through), int(e.late), int(e.tracked)]
            for e in graph.edges
        ],
        "cycles": [[number[name] for name in cycle] for cycle in graph.cycles],
        "unresolved": [[u.name, u.kind, u.file, u.line, u.reason, u.hint] for u in graph.unresolved],
    }  # fmt: skip
