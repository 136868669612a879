"""The words of a statement and where they stand, so that a fix can put text between them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from confiture_linter.model import Span

_TOKEN = re.compile(
    rb"""
    (?P<skipped>--[^\n]*|/\*.*?\*/|\s+)
    | (?P<string>[eE]?'(?:[^'\\]|''|\\.)*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<word>[A-Za-z_\x80-\xff][\w$\x80-\xff]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Word(NamedTuple):
    """One token: a word in lower case, or anything else as it is written."""

    text: str
    start: int
    end: int


class Words:
    """The tokens of a stretch of SQL, without comments and blanks."""

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self.tokens: list[Word] = []
        at = start
        while at < end and (match := _TOKEN.match(text, at, end)):
            at = match.end()
            if match["skipped"] is None:
                raw = match[0].decode("utf-8", "replace")
                folded = raw.lower() if match["word"] is not None else raw
                self.tokens.append(Word(folded, match.start(), match.end()))

    def find(self, *words: str, after: int = 0) -> Sequence[Word]:
        """The first tokens behind offset `after` that are these words in a row; empty if there are none."""
        count = len(words)
        for index in range(len(self.tokens) - count + 1):
            part = self.tokens[index : index + count]
            if part[0].start >= after and all(t.text == w for t, w in zip(part, words, strict=True)):
                return part
        return ()

    def named(self, name: str) -> Word | None:
        """The first token that is this name, quoted or not."""
        quoted = '"' + name.replace('"', '""') + '"'
        return next((token for token in self.tokens if token.text in (name, quoted)), None)

    def separated_digits(self) -> Span | None:
        """The first number that is written with underscores, `1_000`: to older servers a number and a name behind it."""
        for number, name in zip(self.tokens, self.tokens[1:], strict=False):
            if number.text.isdigit() and number.end == name.start and name.text[:1] == "_":
                return Span(number.start, name.end)
        return None

    @property
    def end(self) -> int:
        """Offset behind the last token that is not a semicolon."""
        for token in reversed(self.tokens):
            if token.text != ";":
                return token.end
        return 0
