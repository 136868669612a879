"""Turns the open ends of spans into places: the end of an element, the end of a word."""

import re
from collections.abc import Callable

from confiture_linter.catalog.entities import ELEMENT, TOKEN
from confiture_linter.model import Span

_WORD = re.compile(
    rb"""(?:(?:"(?:[^"]|"")*"|[A-Za-z_\x80-\xff][\w$\x80-\xff]*)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[A-Za-z_\x80-\xff][\w$\x80-\xff]*))*
        |'(?:[^']|'')*'|[0-9.]+|[^\s\w])""",
    re.VERBOSE,
)
PIECE = re.compile(
    rb"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\x80-\xff][\w\x80-\xff]*|)\$.*?\$\1\$|[(),;\[\]]|[^\s'"$/\-(),;\[\]]+|.""",
    re.VERBOSE | re.DOTALL,
)


def resolved_span(span: Span, path: str, text: Callable[[str], bytes]) -> Span:
    """Close a span whose end is `ELEMENT` or `TOKEN`."""
    if span.end >= 0:
        return span
    data = text(path)
    start = max(0, min(span.start, len(data)))
    if span.end == TOKEN:
        return Span(start, token_end(data, start))
    if span.end == ELEMENT:
        return Span(start, element_end(data, start))
    return Span(start, start)


def token_end(data: bytes, at: int) -> int:
    """The end of the (dotted) word, string or symbol that begins at `at`."""
    match = _WORD.match(data, at)
    return match.end() if match else min(at + 1, len(data))


def element_end(data: bytes, at: int) -> int:
    """The end of the column, constraint or option that begins at `at`."""
    depth = 0
    end = at
    for match in PIECE.finditer(data, at):
        piece = match[0]
        if piece in (b"(", b"["):
            depth += 1
        elif piece in (b")", b"]"):
            depth -= 1
            if depth < 0:
                return end
        elif depth == 0 and piece in (b",", b";"):
            return end
        elif piece.isspace() or piece.startswith((b"--", b"/*")):
            continue
        end = match.end()
    return end
