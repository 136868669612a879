"""The smallest change that makes a declared order work: which files to move, and where to."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from confiture_linter.graph.order import FileEdge, order_of


class Move(NamedTuple):
    """Build `file` right after `after` (empty: first)."""

    file: str
    after: str
    because: FileEdge
    """One dependency that the move satisfies."""


class Reorder(NamedTuple):
    """A working order as near as possible to the declared one."""

    files: tuple[str, ...]
    moves: tuple[Move, ...]
    forward: tuple[FileEdge, ...]
    """Dependencies that point forward in the declared order."""
    broken: tuple[FileEdge, ...]
    """Dependencies that no order satisfies: each closes a cycle."""
    cycles: tuple[tuple[str, ...], ...]


def reorder(files: Sequence[str], edges: Sequence[FileEdge]) -> Reorder:
    """Move as few files as possible so that every edge points backwards."""
    rank = {path: position for position, path in enumerate(files)}
    edges = [edge for edge in edges if edge.source in rank and edge.target in rank]
    forward = [edge for edge in edges if rank[edge.source] < rank[edge.target]]
    forward.sort(key=lambda edge: (rank[edge.source], rank[edge.target]))
    if not forward:
        return Reorder(tuple(files), (), (), (), ())
    sorted_order = order_of(files, edges)
    broken = {(edge.source, edge.target) for edge in sorted_order.broken}
    kept = [edge for edge in edges if (edge.source, edge.target) not in broken]
    moved = _moved(sorted_order.files, rank, kept)
    chain = [path for path in files if path not in moved]
    links = [FileEdge(later, earlier, forward[0].edge) for earlier, later in pairwise(chain)]
    ordered = order_of(files, [*kept, *links]).files
    return Reorder(
        ordered,
        tuple(_move(path, ordered, forward, moved) for path in ordered if path in moved),
        tuple(forward),
        sorted_order.broken,
        sorted_order.cycles,
    )


def _moved(ordered: Sequence[str], rank: dict[str, int], edges: Sequence[FileEdge]) -> set[str]:
    """The fewest files to move: those that touch every pair standing the wrong way round, indirect ones too."""
    from confiture_linter.graph.analysis import smallest_cover

    needs: dict[str, set[str]] = {path: set() for path in ordered}
    for edge in edges:
        needs[edge.source].add(edge.target)
    reach: dict[str, set[str]] = {}
    wrong: list[tuple[int, int]] = []
    for path in ordered:
        reach[path] = needs[path].union(*(reach[target] for target in needs[path]))
        wrong += [(rank[path], rank[target]) for target in reach[path] if rank[path] < rank[target]]
    touched = sorted({number for pair in wrong for number in pair})
    small = {number: position for position, number in enumerate(touched)}
    cover = smallest_cover(len(touched), sorted((small[one], small[other]) for one, other in wrong))
    by_rank = {position: path for path, position in rank.items()}
    return {by_rank[touched[position]] for position in cover}


def _move(path: str, ordered: Sequence[str], forward: Sequence[FileEdge], moved: set[str]) -> Move:
    """The move of one file; as its reason, what it needs, or is needed for, of a file that stays."""
    position = ordered.index(path)
    concerned = [edge for edge in forward if path in (edge.source, edge.target)] or [forward[0]]
    staying = [e for e in concerned if (e.target if e.source == path else e.source) not in moved]
    return Move(path, ordered[position - 1] if position else "", (staying or concerned)[0])
