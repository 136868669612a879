"""Direct dependencies between objects, both ways, without a graph library.

Most questions of rules ask for neighbours only; networkx (130 ms to import) is loaded by the modules beside
this one when cycles, impact or layers are wanted.
"""

from confiture_linter.catalog import Catalog, Edge
from confiture_linter.catalog.entities import Entity


class Dependencies:
    """Adjacency lists over the edges of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._outgoing: dict[int, list[Edge]] | None = None
        self._incoming: dict[int, list[Edge]] = {}

    def _build(self) -> dict[int, list[Edge]]:
        outgoing: dict[int, list[Edge]] = {}
        incoming: dict[int, list[Edge]] = {}
        for edge in self.catalog.edges:
            if edge.source is not None:
                outgoing.setdefault(id(edge.source), []).append(edge)
            incoming.setdefault(id(edge.target), []).append(edge)
        self._outgoing, self._incoming = outgoing, incoming
        return outgoing

    def of(self, entity: Entity) -> list[Edge]:
        """What `entity` depends on, in the order it is mentioned."""
        outgoing = self._outgoing if self._outgoing is not None else self._build()
        return outgoing.get(id(entity), [])

    def on(self, entity: Entity) -> list[Edge]:
        """Every mention of `entity`; the source is None for statements that define nothing."""
        if self._outgoing is None:
            self._build()
        return self._incoming.get(id(entity), [])
