"""Subjects that come up only when all other rules have run: suppression comments and baseline entries."""

from confiture_linter.catalog.entities import Entity
from confiture_linter.engine.baseline import BaselineEntry
from confiture_linter.model import Span


class SuppressionNote(Entity):
    """Something to say about a suppression comment."""

    __slots__ = ("name", "what")

    kind = "suppression"

    def __init__(self, path: str, span: Span, what: str, name: str) -> None:
        super().__init__(path, span)
        self.what = what
        """`unknown`, `unused`, `unnamed` or `reasonless`."""
        self.name = name
        """The rule it names; empty for the comment as a whole."""


class StaleEntry(Entity):
    """A baseline entry whose finding is gone."""

    __slots__ = ("entry",)

    kind = "baseline entry"

    def __init__(self, entry: BaselineEntry) -> None:
        super().__init__(entry.path, Span(0, 0))
        self.entry = entry

    @property
    def identity(self) -> str:
        """The object the entry is about."""
        return self.entry.object
