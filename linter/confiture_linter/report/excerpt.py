"""A line of source and the marks under it, in columns of a terminal.

A code point takes no column (combining marks), one, or two (East Asian wide, emoji: UAX #11); a tab reaches
to the next tab stop. What a terminal would obey rather than show is replaced by a sign for it.
"""

from typing import NamedTuple

from confiture_linter.model import LineIndex, Span
from confiture_linter.model.passwords import without_passwords

TAB = 4
"""Columns between tab stops, counted from the beginning of the source line."""

_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional controls: they could show another program than the one that is there (CVE-2021-42574)."""

_JOINERS = "\u200d\ufe0f"
"""Signs that make one emoji of several, or a wide one of a narrow one: in some terminals and not in others.

They are not shown, so that the marks are right in all of them.
"""


class Excerpt(NamedTuple):
    """One line of source as a terminal shows it, and where under it the marks stand."""

    text: str
    indent: int
    """Columns before the first mark."""
    length: int
    """How many marks, at least one."""
    more: int
    """How many further lines the span covers."""


class _Cell(NamedTuple):
    glyph: str
    start: int
    stop: int


def excerpt(lines: LineIndex, span: Span, width: int, *, ascii_only: bool) -> Excerpt:
    """Lay out the first line of `span`; a line longer than `width` columns is clipped around the mark."""
    first, last = lines.position(span.start), lines.position(span.end)
    source = without_passwords(lines.line_text(first.line))
    begin = min(first.column - 1, len(source))
    if last.line == first.line:
        end = min(last.column - 1, len(source))
        more = 0
    else:
        end = len(source.rstrip())
        more = last.line - first.line - (last.column == 1)  # up to a line's beginning is none of that line
    cells = _cells(source, ascii_only=ascii_only)
    total = cells[-1].stop if cells else 0
    start = cells[begin].start if begin < len(cells) else total
    stop = max(cells[end - 1].stop if end > begin else start, start + 1)
    if max(total, stop) <= width:
        return Excerpt("".join(cell.glyph for cell in cells), start, stop - start, more)
    return _clip(cells, start, stop, width, "..." if ascii_only else "…")._replace(more=more)


def visible(text: str, *, ascii_only: bool = False) -> str:
    """Replace what a terminal would obey rather than show; line ends and tabs become one space."""
    if text.isprintable() and (text.isascii() or not ascii_only):
        return text
    return "".join(
        " " if c in "\n\r\t" else _glyph(c, ascii_only=False) if not ascii_only else _escaped(c) for c in text
    )


def columns(text: str) -> int:
    """Return how many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _clip(cells: list[_Cell], start: int, stop: int, width: int, dots: str) -> Excerpt:
    """Cut out `width` columns, the mark's beginning no further right than a third where the mark is long."""
    total = max(cells[-1].stop, stop)
    low = 0 if stop <= width - len(dots) else max(0, min(start - width // 3, total - width))
    high = low + width
    left = low + len(dots) if low else 0
    right = high if high >= total else high - len(dots)
    kept = [cell for cell in cells if cell.start >= left and cell.stop <= right]
    head = dots + " " * (kept[0].start - left) if low and kept else ""
    text = head + "".join(cell.glyph for cell in kept) + (dots if right < high else "")
    return Excerpt(text, start - low, max(1, min(stop, right) - start), 0)


def _cells(source: str, *, ascii_only: bool) -> list[_Cell]:
    """Place every code point; a mark that combines shares the columns of what it stands on."""
    if source.isascii() and source.isprintable():
        return [_Cell(c, at, at + 1) for at, c in enumerate(source)]
    cells: list[_Cell] = []
    at = 0
    for c in source:
        wide = TAB - at % TAB if c == "\t" else _columns(c)
        if wide == 0 and cells:
            cells.append(_Cell("" if ascii_only or c in _JOINERS else c, cells[-1].start, at))
            continue
        glyph = " " * wide if c == "\t" else "?" * wide if ascii_only and c > "~" else _glyph(c, ascii_only)
        cells.append(_Cell(glyph, at, at + wide))
        at += wide
    return cells


def _columns(c: str) -> int:
    if c < "\u0300":
        return 1
    from unicodedata import category, east_asian_width

    if c in _REORDERING:
        return 1
    if (
        category(c) in {"Mn", "Me", "Cf"} or "\u1160" <= c <= "\u11ff"
    ):  # vowels and finals of Hangul syllables
        return 0
    return 2 if east_asian_width(c) in "WF" else 1


def _glyph(c: str, ascii_only: bool) -> str:
    if c < " " or c == "\x7f":
        return "?" if ascii_only else chr(0x2400 + ord(c)) if c < " " else "\u2421"
    if "\x80" <= c <= "\x9f" or c in _REORDERING or "\ud800" <= c <= "\udfff" or c in "\u2028\u2029":
        return "?" if ascii_only else "\ufffd"
    return c


def _escaped(c: str) -> str:
    return c if " " <= c <= "~" else c.encode("ascii", "backslashreplace").decode() if c > "~" else "?"
