"""Lays two snapshots side by side: what both have, what one lacks, what differs."""

from typing import NamedTuple

from tests.oracle.snapshot import KINDS, UNKNOWN, Edge, Snapshot


class Score(NamedTuple):
    """How many facts the server has, how many we claim, and how many of those are the same."""

    theirs: int
    ours: int
    same: int

    @property
    def precision(self) -> float:
        """Part of what we claim that is true."""
        return self.same / self.ours if self.ours else 1.0

    @property
    def recall(self) -> float:
        """Part of what is true that we claim."""
        return self.same / self.theirs if self.theirs else 1.0

    def __add__(self, other: object) -> "Score":
        if not isinstance(other, Score):
            return NotImplemented
        return Score(self.theirs + other.theirs, self.ours + other.ours, self.same + other.same)


class Difference(NamedTuple):
    """One thing on which the two disagree."""

    kind: str
    name: str
    what: str
    """`missing` (the server has it), `extra` (we alone have it), or a property."""
    theirs: str = ""
    ours: str = ""


class Comparison(NamedTuple):
    """Scores by kind, `edge` and `extension edge` among them, and every difference."""

    objects: dict[str, Score]
    """Objects by kind: there, or not."""
    properties: dict[str, Score]
    """Properties of the objects that both have."""
    differences: tuple[Difference, ...]

    @property
    def edges(self) -> Score:
        """The dependencies between objects of the tree."""
        return self.objects["edge"]


def compare(theirs: Snapshot, ours: Snapshot) -> Comparison:
    """Compare; both snapshots are of the same statements."""
    objects: dict[str, Score] = {}
    properties: dict[str, Score] = {}
    differences: list[Difference] = []
    for kind in KINDS:
        there, here = theirs.objects.get(kind, {}), ours.objects.get(kind, {})
        both = there.keys() & here.keys()
        objects[kind] = Score(len(there), len(here), len(both))
        differences += [Difference(kind, name, "missing") for name in sorted(there.keys() - both)]
        differences += [Difference(kind, name, "extra") for name in sorted(here.keys() - both)]
        score = Score(0, 0, 0)
        for name in sorted(both):
            for what, value in there[name].items():
                mine = here[name].get(what, UNKNOWN)
                score += Score(1, int(mine != UNKNOWN), int(mine == value))
                if mine != value:
                    differences.append(Difference(kind, name, what, str(value), str(mine)))
        properties[kind] = score
    for kind, external in (("edge", False), ("extension edge", True)):
        there_edges = {edge for edge in theirs.edges if edge.external is external}
        here_edges = {edge for edge in ours.edges if edge.external is external}
        same = there_edges & here_edges
        objects[kind] = Score(len(there_edges), len(here_edges), len(same))
        differences += [_missing(kind, edge, theirs) for edge in sorted(there_edges - same)]
        differences += [_extra(kind, edge, ours) for edge in sorted(here_edges - same)]
    return Comparison(objects, properties, tuple(differences))


def _missing(kind: str, edge: Edge, theirs: Snapshot) -> Difference:
    return Difference(kind, f"{edge.source} → {edge.target}", "missing", theirs.edges[edge])


def _extra(kind: str, edge: Edge, ours: Snapshot) -> Difference:
    return Difference(kind, f"{edge.source} → {edge.target}", "extra", "", ours.edges[edge])
