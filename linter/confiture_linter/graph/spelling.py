"""Source text in one spelling: layout, comments and the case of what is not quoted do not count."""

import re
from collections.abc import Iterable, Iterator

_PIECE = re.compile(
    rb"""\s+|--[^\n]*|/\*.*?\*/|(?:[eE])?'(?:[^']|'')*'|"(?:[^"]|"")*"|(?P<dollar>\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$)"""
    rb"""|[A-Za-z_\x80-\xff][\w$\x80-\xff]*|[0-9][\w.]*|[(),;\[\].]|[^\s'"$\-/(),;\[\].\w\x80-\xff]+|.""",
    re.DOTALL,
)


def tokens(text: bytes) -> Iterator[str]:
    """The words of a text; a dollar-quoted one comes as `$$`, its own words, `$$`."""
    at = 0
    while found := _PIECE.match(text, at):
        at = found.end()
        piece = found[0]
        if found["dollar"]:
            close = text.find(piece, at)
            close = len(text) if close < 0 else close
            yield "$$"
            yield from tokens(text[at:close])
            yield "$$"
            at = close + len(piece)
        elif not piece.isspace() and not piece.startswith((b"--", b"/*")):
            word = piece.decode("utf-8", "replace")
            yield word if word[0] in "'\"" or word[1:2] == "'" else word.lower()


_OPEN_APART = frozenset(
    [
        "and",
        "or",
        "not",
        "using",
        "check",
        "in",
        "as",
        "values",
        "on",
        "by",
        "select",
        "where",
        "when",
        "then",
        "else",
        "case",
        "from",
        "join",
        "with",
        "exists",
        "any",
        "all",
        "over",
        "returns",
        "table",
        "generated",
        "always",
        "key",
        "unique",
        "references",
        "include",
        "having",
        "limit",
        "is",
        "like",
        "between",
    ]
)
"""Words that are no function, so that a parenthesis behind them stands apart."""


def spelt(words: Iterable[str]) -> str:
    """Words as a person reads them."""
    made: list[str] = []
    before = ""
    for word in words:
        if made and not (
            word in (",", ";", ")", "]", "[", ".")
            or before in ("(", "[", ".")
            or (word == "(" and _is_word(before) and before not in _OPEN_APART)
        ):
            made.append(" ")
        made.append(word)
        before = word
    return "".join(made)


def _is_word(text: str) -> bool:
    return text[-1:].isalnum() or text[-1:] in ("_", '"', "$")


def after(words: list[str], *heads: str) -> list[str]:
    """What follows the first of `heads` outside parentheses, up to what begins another clause of a column."""
    depth = 0
    for at, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word in heads:
            return _clause(words[at + 1 :])
    return []


_CLAUSES = frozenset(
    {"not", "null", "constraint", "references", "check", "unique", "primary", "generated", "collate", "deferrable",
     "initially", "default", "storage", "compression"}
)  # fmt: skip


def _clause(words: list[str]) -> list[str]:
    depth = 0
    taken: list[str] = []
    for word in words:
        if depth == 0 and (word in _CLAUSES or word in (",", ")")) and taken:
            break
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(word, 0)
        taken.append(word)
    return taken


def inside(words: list[str]) -> list[str]:
    """What the first parentheses hold."""
    if "(" not in words:
        return []
    start = words.index("(")
    depth = 0
    for at in range(start, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return words[start + 1 : at]
    return words[start + 1 :]
