"""The build order of a tree, verified: what points forward, what to move, which edge to break."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Edge
from confiture_linter.graph.order import FileEdge, FileOrder, file_edges
from confiture_linter.graph.places import Places
from confiture_linter.graph.reorder import reorder


class Forward(NamedTuple):
    """A statement that needs what is created later."""

    file: str
    line: int
    needs: str
    """The object that is needed."""
    target: str
    """The file that creates it."""
    target_line: int


class FileMove(NamedTuple):
    """Build `file` right after `after` (empty: first)."""

    file: str
    after: str
    reason: str


class BuildOrder(NamedTuple):
    """Files in build order, and everything that is wrong with it."""

    files: tuple[str, ...]
    computed: bool
    forward: tuple[Forward, ...]
    moves: tuple[FileMove, ...]
    proposed: tuple[str, ...]
    """The order after the moves; empty where none is needed."""
    breaks: tuple[Forward, ...]
    """Needs that no order satisfies; each closes a cycle and has to be taken out or added later."""
    cycles: tuple[tuple[str, ...], ...]
    """Files that need one another."""

    @property
    def works(self) -> bool:
        """Whether the files can be built in this order."""
        return not self.forward and not self.breaks


def files_in_order(catalog: Catalog, files: Sequence[str], computed: FileOrder | None) -> tuple[str, ...]:
    """The order in which files are built: as declared, or computed."""
    return tuple(files)


def build_order(
    catalog: Catalog,
    files: Sequence[str],
    text: Callable[[str], bytes],
    *,
    computed: FileOrder | None,
    shown: Callable[[str], str] = str,
) -> BuildOrder:
    """Verify `files`; a computed order needs no moves, a declared one may."""
    places = Places(text, shown)
    files = files_in_order(catalog, files, computed)
    changed = reorder(files, file_edges(catalog))
    broken = {(edge.source, edge.target) for edge in changed.broken}
    forward = [
        _forward(edge.edge, places) for edge in changed.forward if (edge.source, edge.target) not in broken
    ]
    inside = [edge for edge in catalog.edges if edge.forward and not edge.late and _same_file(edge)]
    forward += [_forward(edge, places) for edge in inside]
    return BuildOrder(
        tuple(map(places.path, files)),
        computed is not None,
        tuple(dict.fromkeys(forward)),
        tuple(_move(move.file, move.after, move.because, places) for move in changed.moves),
        tuple(map(places.path, changed.files)) if changed.moves else (),
        tuple(_forward(edge.edge, places) for edge in changed.broken),
        tuple(tuple(map(places.path, cycle)) for cycle in changed.cycles),
    )


def _same_file(edge: Edge) -> bool:
    return edge.target.path == edge.where.path and edge.target.span.start > edge.where.statement.start


def _forward(edge: Edge, places: Places) -> Forward:
    at = edge.ref.at if edge.ref.at >= 0 else edge.where.statement.start
    file, line = places.of(edge.target)
    needs = f"{edge.target.kind.replace('_', ' ')} {edge.target.identity}"
    return Forward(places.path(edge.where.path), places.line(edge.where.path, at), needs, file, line)


def _move(file: str, after: str, because: FileEdge, places: Places) -> FileMove:
    needs = _forward(because.edge, places)
    reason = f"{needs.file}:{needs.line} needs {needs.needs}, which {needs.target} creates"
    return FileMove(places.path(file), places.path(after) if after else "", reason)


__all__ = ["BuildOrder", "FileMove", "Forward", "build_order", "files_in_order"]
