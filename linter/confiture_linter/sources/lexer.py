"""The least of PostgreSQL's lexer that is needed to step over strings, names, comments and dollar quotes."""

import re
from collections.abc import Iterator

_ESCAPED = re.compile(rb"(?>(?:[^'\\]++|\\.|'')*)'", re.DOTALL)
_EDGE = re.compile(rb"/\*|\*/")
_WORD_BYTES = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$" + bytes(range(128, 256))
)

STOP_BYTES = rb"'\"\-/$"
STOP = (
    rb"(?P<string>(?<='))|(?P<name>(?<=\"))|(?P<line>(?<=-)-)|(?P<block>(?<=/)\*)"
    rb"|(?P<dollar>(?<=\$)(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$)"
)
"""What is stepped over: `[bytes](?:alternatives)`, so that the search for the next one is one scan for bytes."""


def is_word_byte(byte: int) -> bool:
    """Whether `byte` can stand inside an unquoted identifier."""
    return byte in _WORD_BYTES


def string_end(text: bytes, start: int, end: int) -> int:
    """Return the offset after the string whose quote is at `start`; an open one ends at `end`.

    `'it''s'` is two strings side by side here, which comes to the same.
    """
    before = text[start - 1 : start] if start else b""
    if before in (b"e", b"E") and (start < 2 or text[start - 2] not in _WORD_BYTES):
        matched = _ESCAPED.match(text, start + 1, end)
        return matched.end() if matched else end
    close = text.find(b"'", start + 1, end)
    return end if close < 0 else close + 1


def block_comment_end(text: bytes, start: int, end: int) -> int:
    """Return the offset after the comment that opens at `start`; such comments nest."""
    depth, at = 1, start + 2
    while depth:
        edge = _EDGE.search(text, at, end)
        if edge is None:
            return end
        depth += 1 if edge[0] == b"/*" else -1
        at = edge.end()
    return at


def line_end(text: bytes, start: int, end: int) -> int:
    """Return the offset of the line end after `start`."""
    newline = text.find(b"\n", start, end)
    return end if newline < 0 else newline


def step_over(text: bytes, found: "re.Match[bytes]", end: int) -> int:
    """Return the offset after what `found`, a match of `STOP`, begins."""
    start = found.start()
    kind = found.lastgroup
    if kind == "string":
        return string_end(text, start, end)
    if kind == "name":
        close = text.find(b'"', start + 1, end)
        return end if close < 0 else close + 1
    if kind == "line":
        return line_end(text, start, end)
    if kind == "block":
        return block_comment_end(text, start, end)
    if start and text[start - 1] in _WORD_BYTES:
        return start + 1
    close = text.find(found[0], found.end(), end)
    return end if close < 0 else close + len(found[0])


_COMMENT_STOPS = re.compile(rb"[" + STOP_BYTES + rb"](?:" + STOP + rb")")


def comments(text: bytes, containing: bytes = b"") -> Iterator[tuple[int, int]]:
    """Find the `--` and `/* */` comments that contain some bytes, those in function bodies included, in order."""
    if containing not in text:
        return
    yield from _comments(text, 0, len(text), containing)


def _comments(text: bytes, at: int, end: int, containing: bytes) -> Iterator[tuple[int, int]]:
    while found := _COMMENT_STOPS.search(text, at, end):
        at = step_over(text, found, end)
        kind = found.lastgroup
        if kind in ("line", "block"):
            stop = at - 1 if text[at - 1 : at] == b"\r" else at
            if text.find(containing, found.start(), stop) >= 0:
                yield found.start(), stop
        elif kind == "dollar" and at > found.end():
            inner_end = at - len(found[0]) if text.endswith(found[0], found.end(), at) else at
            if text.find(containing, found.end(), inner_end) >= 0:
                yield from _comments(text, found.end(), inner_end, containing)
