"""Which parts of a DO block, or of a function, are done in any case, read from its text."""

import re
from collections.abc import Iterator

Spans = tuple[tuple[int, int], ...]
"""Begin and end of each part, in bytes."""

_SILENT = re.compile(rb"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
"""Comments and strings."""
_CONTROL = re.compile(
    rb"\b(?:end\s+(?P<ended>if|loop)|(?P<begun>then|loop)|(?P<left>return)|(?P<case>case)|(?P<end>end))\b",
    re.IGNORECASE,
)
"""Where PL/pgSQL begins or ends something that is done under a condition, or may leave."""
_CATCHES = re.compile(rb"\bexception\s+when\b", re.IGNORECASE)
_CATCHES_ALL = re.compile(rb"\bexception\s+when\s+others\b", re.IGNORECASE)
_BEGINS = re.compile(rb"\bbegin\b", re.IGNORECASE)


def unconditional(text: bytes) -> Iterator[tuple[int, int]]:
    """The parts outside IF and loops, none after what may leave the block; conditions themselves are evaluated.

    RAISE EXCEPTION does not count: a file in which it comes to that does not run.
    """
    text = _SILENT.sub(lambda found: b" " * len(found[0]), text)
    if _CATCHES.search(text):
        return
    depth = begin = cases = 0
    for found in _CONTROL.finditer(text):
        kind = found.lastgroup
        if kind == "left":
            if depth == 0:
                yield begin, found.start()
            return
        if kind == "case":
            cases += 1
        elif kind == "end":
            cases = max(cases - 1, 0)
        elif kind == "ended":
            depth -= 1
            begin = found.end()
        elif not (cases and found[0].lower() == b"then"):
            if depth == 0:
                yield begin, found.start()
            depth += 1
    if depth == 0:
        yield begin, len(text)


def whole_or_nothing(text: bytes) -> bool:
    """Whether everything that it does is undone, and passed over, if any of it fails."""
    text = _SILENT.sub(b" ", text)
    return bool(_CATCHES_ALL.search(text)) and len(_BEGINS.findall(text)) == 1


def within(at: int, spans: Spans) -> bool:
    """Whether a place lies in one of the parts."""
    return any(begin <= at < end for begin, end in spans)


__all__ = ["Spans", "unconditional", "whole_or_nothing", "within"]
