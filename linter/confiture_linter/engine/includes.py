"""What psql includes say about the order of files: a file that includes another runs it on the way."""

from collections.abc import Sequence

from confiture_linter.catalog import Edge, SourceStatement
from confiture_linter.engine.files import File
from confiture_linter.graph.order import FileEdge
from confiture_linter.statements.facts import Other, Ref, Statement


def include_edges(files: Sequence[File]) -> list[FileEdge]:
    r"""One edge for each `\i` and `\ir` that names a file of the tree.

    The first edges to be broken where files need one another: what the including file says before the include may
    well be needed by the included one.
    """
    known = {file.path: file for file in files}
    edges = []
    for file in files:
        folder = file.path.rpartition("/")[0]
        for include in file.source.includes:
            for wanted in (normal_path(f"{folder}/{include.path}"), normal_path(include.path)):
                target = known.get(wanted)
                if target is not None and target is not file:
                    statement = Statement(include.span.start, include.span.end, Other("include"))
                    where = SourceStatement(file.path, statement, file.position)
                    ref = Ref("file", "", wanted, include.span.start, "include")
                    edges.append(FileEdge(file.path, wanted, Edge(None, target, ref, where, False, False)))
                    break
    return edges


def normal_path(path: str) -> str:
    """A path without `.`, `..` and doubled slashes, as far as it stays inside the tree."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
