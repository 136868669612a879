"""Positions: byte offsets inside, lines and columns at the edge.

Everything inside the linter counts bytes of the UTF-8 text that was analysed, because that is what
PostgreSQL's parser reports. `LineIndex` is the single place where a byte offset becomes a line and a column.
"""

from bisect import bisect_right
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of byte offsets, `start` included, `end` excluded."""

    start: int
    end: int


class Position(NamedTuple):
    """A place a person reads: 1-based line, 1-based column counted in Unicode code points."""

    line: int
    column: int


class Utf16Position(NamedTuple):
    """A place as the Language Server Protocol counts: 0-based line, 0-based UTF-16 code units."""

    line: int
    character: int


BOM = b"\xef\xbb\xbf"
"""The byte-order mark in UTF-8."""


class LineIndex:
    """Where each line of one text begins; answers every question about positions in it.

    A line ends at LF; the CR of a CRLF belongs to the line end. A byte-order mark is no character of the first
    line: editors do not show it.
    """

    __slots__ = ("_starts", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        starts = [len(BOM) if data.startswith(BOM) else 0]
        at = data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = data.find(b"\n", at + 1)
        self._starts = starts

    @property
    def line_count(self) -> int:
        """How many lines the text has; an empty text has one."""
        return len(self._starts)

    def _locate(self, offset: int) -> tuple[int, bytes]:
        """Find the 0-based line of `offset` and the bytes of that line before it."""
        offset = max(0, min(offset, len(self.data)))
        line = max(bisect_right(self._starts, offset) - 1, 0)
        return line, self.data[self._starts[line] : offset]

    def position(self, offset: int) -> Position:
        """Convert a byte offset to a 1-based line and a 1-based code-point column."""
        line, before = self._locate(offset)
        return Position(line + 1, len(before.decode("utf-8", "replace")) + 1)

    def utf16(self, offset: int) -> Utf16Position:
        """Convert a byte offset to the LSP's 0-based line and UTF-16 character."""
        line, before = self._locate(offset)
        return Utf16Position(line, len(before.decode("utf-8", "replace").encode("utf-16-le")) // 2)

    def line_text(self, line: int) -> str:
        """Return the text of the 1-based `line`, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.data)
        return self.data[start:end].rstrip(b"\r\n").decode("utf-8", "replace")

    def line_start(self, line: int) -> int:
        """Return the byte offset at which the 1-based `line` begins."""
        return self._starts[line - 1]
