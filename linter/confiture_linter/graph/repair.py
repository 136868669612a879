"""An order mended where files cannot run: such a file is moved before whoever took what it needs, or that one after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from confiture_linter.graph.needed import DOUBTS_OF_A_FILE
from confiture_linter.graph.stage import label

MOVES = 48
"""How many orders are tried at most."""
DOUBTED = 12
"""How many of them are for files that run, but with bodies that name what is not there."""
_MOVERS = 3
"""How many of those that brought or took a name are tried."""


class Trial(NamedTuple):
    """How an order does on stage."""

    refused: Mapping[str, tuple[str, ...]]
    """Files that cannot run, and the names that would have to come or go."""
    doubts: int
    """Names missing from bodies that are run."""
    movers: Mapping[str, Sequence[str]]
    """Name to the files that brought or took it, in order."""
    doubted: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {}
    """Files that run such bodies: the names, and the files that made the bodies."""

    @property
    def loss(self) -> float:
        """What is lost: a doubt is a part of a file."""
        return len(self.refused) + self.doubts / DOUBTS_OF_A_FILE


def mended(order: Sequence[str], attempt: Callable[[Sequence[str]], Trial]) -> list[str]:
    """The best order that moves of single files lead to."""
    best = list(order)
    trial = attempt(best)
    tried = 0
    improved = True
    while improved and trial.loss and tried < MOVES:
        improved = False
        for moved in (*_moves(best, trial), *islice(_later(best, trial), DOUBTED)):
            tried += 1
            other = attempt(moved)
            if other.loss < trial.loss:
                best, trial, improved = moved, other, True
                break
            if tried == MOVES:
                break
    return best


def _moves(order: Sequence[str], trial: Trial) -> Iterator[list[str]]:
    place = {path: position for position, path in enumerate(order)}
    for path, names in trial.refused.items():
        movers: dict[str, None] = {}
        for name in with_owners(names):
            before = [mover for mover in trial.movers.get(name, ()) if place[mover] < place[path]]
            movers.update(dict.fromkeys(reversed(before[-_MOVERS:])))
        for mover in movers:
            rest = [other for other in order if other != path]
            at = rest.index(mover)
            yield [*rest[:at], path, *rest[at:]]
        for mover in movers:
            rest = [other for other in order if other != mover]
            at = rest.index(path) + 1
            yield [*rest[:at], mover, *rest[at:]]


def _later(order: Sequence[str], trial: Trial) -> Iterator[list[str]]:
    """Files with doubts, and those that made the bodies, after the files that bring what is missing."""
    place = {path: position for position, path in enumerate(order)}
    for path, (names, makers) in trial.doubted.items():
        bringers: dict[str, None] = {}
        for name in with_owners(names):
            after = [mover for mover in trial.movers.get(name, ()) if place[mover] > place[path]]
            bringers.update(dict.fromkeys(after[:_MOVERS]))
        for bringer in bringers:
            for moved in (*makers, path):
                if place.get(moved, place[bringer]) < place[bringer]:
                    rest = [other for other in order if other != moved]
                    at = rest.index(bringer) + 1
                    yield [*rest[:at], moved, *rest[at:]]


def with_owners(names: Sequence[str]) -> Iterator[str]:
    """What would have to come or go, and the relations it belongs to, with which it would."""
    for name in names:
        yield name
        owner, dot, _ = name.partition(" ")[2].rpartition(".")
        if dot:
            yield label("relation", owner)


__all__ = ["Trial", "mended", "with_owners"]
