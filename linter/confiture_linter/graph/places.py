"""Byte offsets as files and lines."""

from collections.abc import Callable

from confiture_linter.catalog.entities import Entity
from confiture_linter.model import LineIndex


class Places:
    """Turns offsets into 1-based lines; indexes each text once."""

    def __init__(self, text: Callable[[str], bytes], shown: Callable[[str], str]) -> None:
        self._text = text
        self._shown = shown
        self._lines: dict[str, LineIndex] = {}
        self._paths: dict[str, str] = {}

    def path(self, path: str) -> str:
        """The path as it is shown."""
        if path not in self._paths:
            self._paths[path] = self._shown(path)
        return self._paths[path]

    def line(self, path: str, at: int) -> int:
        """The line of a byte offset; 1 where there is none."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = LineIndex(self._text(path))
        return lines.position(max(at, 0)).line

    def of(self, entity: Entity) -> tuple[str, int]:
        """File and line at which an object was created."""
        return self.path(entity.path), self.line(entity.path, entity.span.start)
