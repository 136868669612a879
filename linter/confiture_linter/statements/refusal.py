"""Finds the place of what PL/pgSQL's parser refuses: libpg_query tells the message only.

The body is cut behind its semicolons, and each piece is closed by a character that no statement may begin
with. Pieces that end before the mistake are refused for that character, longer ones for the mistake itself,
so that the statement is found by bisection.
"""

import re
from bisect import bisect_left
from collections.abc import Callable

from confiture_linter.parse import Node, ParseFailure

_CLOSING = "\n@"


def refusal_place(message: str, source: str, parse: Callable[[str], Node | ParseFailure]) -> int:
    """The byte offset in `source` of what `message` complains about; 0 where it is not found."""

    def refused(cut: int) -> bool:
        answer = parse(source[:cut] + _CLOSING)
        return isinstance(answer, ParseFailure) and answer.message == message

    cuts = [at + 1 for at, character in enumerate(source) if character == ";"] + [len(source)]
    if not refused(len(source)):
        return len(source.rstrip().encode()) if message.endswith("end of input") else 0
    index = bisect_left(cuts, True, key=refused)
    begin = cuts[index - 1] if index else 0
    word = message.partition('"')[2].rpartition('"')[0]
    whole = rf"\b{re.escape(word)}\b" if word.isidentifier() else re.escape(word)
    match = re.compile(whole).search(source, begin, cuts[index]) if word else None
    found = match.start() if match else cuts[index] - len(source[begin : cuts[index]].lstrip())
    return len(source[:found].encode())
