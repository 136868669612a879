"""Files as subjects of rules."""

from confiture_linter.catalog.entities import Entity
from confiture_linter.model import Span
from confiture_linter.sources import SourceFile


class File(Entity):
    """One file of the tree; rules about encoding, includes or placement are about it."""

    __slots__ = ("position", "source")

    kind = "file"

    def __init__(self, source: SourceFile, position: int) -> None:
        super().__init__(source.path, Span(0, 0))
        self.source = source
        self.position = position

    @property
    def identity(self) -> str:
        """Files have no object identity of their own; the path is part of every finding."""
        return ""
