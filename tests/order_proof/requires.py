"""Dependencies between files that authors wrote down, against those that the graph finds."""

from collections.abc import Sequence
from pathlib import Path

from confiture_linter.engine.workspace import open_workspace
from confiture_linter.graph.order import file_edges
from tests.order_proof.measure import Tree


def recall_of(tree: Tree, order: Sequence[str], table: Path) -> str:
    """How many of the pairs of `table` (file, tab, file it requires) follow from edges, directly or on the way."""
    known = frozenset(order)
    pairs = [tuple(line.split("\t")) for line in table.read_text().splitlines() if line]
    written = [(one, other) for one, other in pairs if one in known and other in known and one != other]
    opened = open_workspace(tree.config(), [str(tree.root)], order="computed")
    needs: dict[str, set[str]] = {}
    for edge in file_edges(opened.context.catalog):
        needs.setdefault(edge.source, set()).add(edge.target)
    found = sum(other in _reach(one, needs) for one, other in written)
    for use in opened.context.catalog.edges:
        # What a body needs only when it runs: authors write that down, too.
        if use.late and use.target.path:
            needs.setdefault(use.where.path, set()).add(use.target.path)
    missed = [(one, other) for one, other in written if other not in _reach(one, needs)]
    direct = f"requires {found} of {len(written)} written ones are needed to build"
    lines = [f"{direct}, {len(written) - len(missed)} to build or to run"]
    lines += [f"  not found: {one} → {other}" for one, other in missed]
    return "\n".join(lines) + "\n"


def _reach(path: str, needs: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [path]
    while queue:
        for target in needs.get(queue.pop(), ()):
            if target not in found:
                found.add(target)
                queue.append(target)
    return found
