"""Turns the open ends of spans into places: the end of an element, the end of a word."""

import re
from collections.abc import Callable

from confiture_linter.catalog.entities import ELEMENT, TOKEN
from confiture_linter.model import Span
from confiture_linter.sources.split import element_end, token_end

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
