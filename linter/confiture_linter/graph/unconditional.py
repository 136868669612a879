"""Which parts of a DO block are done in any case, read from its text."""

import re
from collections.abc import Iterator

Spans = tuple[tuple[int, int], ...]
"""Begin and end of each part, in bytes."""

_CONTROL = re.compile(rb"\b(?:(end)\s+(?:if|loop)|(then|loop)|(return|exit|continue|case))\b", re.IGNORECASE)
"""Where PL/pgSQL begins or ends something that is done under a condition, or may leave."""
_CATCHES = re.compile(rb"\bexception\s+when\b", re.IGNORECASE)


def unconditional(text: bytes) -> Iterator[tuple[int, int]]:
    """The parts outside IF and loops, none after what may leave the block; conditions themselves are evaluated.

    RAISE EXCEPTION does not count: a file in which it comes to that does not run.
    """
    if _CATCHES.search(text):
        return
    depth, begin = 0, 0
    for found in _CONTROL.finditer(text):
        ended, _, leaving = found.groups()
        if leaving:
            if depth == 0:
                yield begin, found.start()
            return
        if ended:
            depth -= 1
            begin = found.end()
        else:
            if depth == 0:
                yield begin, found.start()
            depth += 1
    if depth == 0:
        yield begin, len(text)


def within(at: int, spans: Spans) -> bool:
    """Whether a place lies in one of the parts."""
    return any(begin <= at < end for begin, end in spans)


__all__ = ["Spans", "unconditional", "within"]
