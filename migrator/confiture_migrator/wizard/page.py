"""How text is set on the terminal there is: its width, colours or none, Unicode or ASCII. Pure."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

LONGEST_LINE = 110
"""Columns after which prose is hard to read, however wide the terminal is."""
_ASCII = str.maketrans(
    {"─": "-", "━": "#", "…": "...", "★": "*", "·": "-", "→": "->", "✓": "ok", "✗": "x", "⚠": "!", "–": "-"}
)
_STYLES = {"bold": "1", "dim": "2", "red": "31;1", "yellow": "33", "green": "32", "cyan": "36"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""A file may hold escape sequences; on a screen that asks for a yes they must not move anything."""


class Page(NamedTuple):
    """A terminal."""

    width: int = 80
    color: bool = False
    unicode: bool = True

    def paint(self, text: str, *styles: str) -> str:
        """Colour it; without colours as it is."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(_STYLES[style] for style in styles)}m{text}\x1b[0m"

    def level(self, level: str) -> str:
        """A level of risk; `high` and `unknown` are set apart without colour, too."""
        style = {"high": ("red",), "unknown": ("red",), "medium": ("yellow",), "low": ("green",)}.get(
            level, ("dim",)
        )
        return self.paint(level.upper() if level in ("high", "unknown") else level, *style)

    def rule(self, title: str) -> str:
        """A heading that spans the page."""
        wide = min(self.width, LONGEST_LINE)
        shown = self.cropped(title, wide - 6)
        return self.paint(f"── {shown} {'─' * max(wide - cells(shown) - 4, 2)}", "bold")

    def wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        """Prose below one another, the first line behind `first`, the others behind `rest`, or as far to the right."""
        indent = " " * cells(first) if rest is None else rest
        wide = max(min(self.width, LONGEST_LINE) - 1, 20)
        lines: list[str] = []
        for paragraph in harmless(text).splitlines() or [""]:
            lines += textwrap.wrap(
                paragraph,
                wide,
                initial_indent=indent if lines else first,
                subsequent_indent=indent,
                break_on_hyphens=False,
                break_long_words=False,
            ) or [first.rstrip()]
        return lines

    def cropped(self, text: str, width: int) -> str:
        """One line of at most so many columns."""
        flat = " ".join(harmless(text).split())
        if cells(flat) <= width:
            return flat
        dots = "…" if self.unicode else "..."
        while flat and cells(flat) > width - len(dots):
            flat = flat[:-1]
        return flat.rstrip() + dots

    def finished(self, lines: Iterable[str]) -> str:
        """The text as it is written."""
        text = "".join(f"{line.rstrip()}\n" for line in lines)
        return text if self.unicode else text.translate(_ASCII)


def harmless(text: str) -> str:
    """Text without control characters, line feeds and tabs apart."""
    return _CONTROL.sub("?", text)


def cells(text: str) -> int:
    """Columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 row`, `2 rows`, `12,000 rows`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def spoken(seconds: float) -> str:
    """A duration as people say it: `<0.01 s`, `0.30 s`, `42 s`, `7 min 5 s`, `2 h 10 min`."""
    if seconds < 0.01:
        return "<0.01 s"
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{whole // 3600} h" + (f" {whole % 3600 // 60} min" if whole % 3600 >= 60 else "")
