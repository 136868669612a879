"""SQL that stands in a file of another language: its text, and where each byte of it is in the file.

Offsets stay true by construction: the text of the `SourceFile` is as long as the file and blank but for the SQL. SQL
that is not written out byte for byte (escapes, joined strings, operations translated to SQL) is kept beside it with a
map of its offsets.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from confiture_linter.model import Span


class Run(NamedTuple):
    """A stretch of text and where it comes from."""

    at: int
    """Offset in the text; the stretch ends where the next one begins."""
    place: int
    """Byte offset in the file."""
    linear: bool
    """Whether its bytes are the file's; otherwise all of it comes from `place`."""


class Located(NamedTuple):
    """Text that knows where it was written."""

    text: bytes
    runs: tuple[Run, ...]

    def slice(self, start: int, end: int) -> "Located":
        """Cut a part out of it."""
        runs = []
        for index, run in enumerate(self.runs):
            stop = self.runs[index + 1].at if index + 1 < len(self.runs) else len(self.text)
            first = max(run.at, start)
            if first < min(stop, end):
                runs.append(Run(first - start, run.place + (first - run.at) * run.linear, run.linear))
        return Located(self.text[start:end], tuple(runs))

    @property
    def place(self) -> int:
        """Where it begins in the file."""
        return self.runs[0].place if self.runs else 0


def pinned(text: bytes, place: int) -> Located:
    """Text that comes from one place as a whole."""
    return Located(text, (Run(0, place, False),))


def joined(parts: Iterable[Located]) -> Located:
    """Put texts one after the other."""
    texts: list[bytes] = []
    runs: list[Run] = []
    size = 0
    for part in parts:
        for run in part.runs:
            last = runs[-1] if runs else None
            at = size + run.at
            if last and last.linear and run.linear and run.place - last.place == at - last.at:
                continue
            runs.append(Run(at, run.place, run.linear))
        texts.append(part.text)
        size += len(part.text)
    return Located(b"".join(texts), tuple(runs))


class Embedded(NamedTuple):
    """One piece of SQL, of one or more statements."""

    sql: bytes
    runs: tuple[Run, ...]
    """Where its bytes are in the file, in order."""
    span: Span
    """The literal, or the call that was translated."""
    substitutions: tuple[tuple[str, str], ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the file says it byte for byte: an edit of the SQL is one of the file."""
        return len(self.runs) == 1 and self.runs[0].linear

    def place(self, offset: int) -> int:
        """Byte offset in the file of an offset in the SQL."""
        if offset >= len(self.sql):
            last = self.runs[-1] if self.runs else None
            return last.place + len(self.sql) - last.at if last and last.linear else self.span.end
        index = bisect_right(self.runs, offset, key=lambda run: run.at) - 1
        if index < 0:
            return self.span.start
        run = self.runs[index]
        return run.place + (offset - run.at) if run.linear else run.place


_NOT_NEWLINE = re.compile(rb"[^\r\n]+")
_MARK = b"confiture:"
_REMARK = re.compile(rb"#[ \t](?=[ \t]*confiture:)[^\r\n]*")


def sheet(data: bytes, pieces: Iterable[Embedded]) -> bytes:
    """Blank everything of a file but its SQL, at equal length; a semicolon ends each piece.

    Where a piece is not written byte for byte the file's own words stay, so that a place in it has an end. Comments
    that suppress findings become SQL comments.
    """
    blank = bytearray(_NOT_NEWLINE.sub(lambda found: b" " * len(found[0]), data))
    for piece in pieces:
        start, end = piece.span
        if piece.exact:
            start = piece.runs[0].place
            end = start + len(piece.sql)
            blank[start:end] = piece.sql
        else:
            blank[start:end] = data[start:end]
        if blank[end : end + 1] == b" ":
            blank[end] = ord(";")
    if _MARK in data:
        for found in _REMARK.finditer(data):
            there = blank[found.start() : found.end()]
            if not there.strip() or there == found[0]:
                blank[found.start() : found.end()] = b"--" + found[0][2:]
    return bytes(blank)
