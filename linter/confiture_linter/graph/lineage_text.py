"""Cuts the query out of the statement it stands in; sqlglot reads queries better than what is around them."""

from typing import NamedTuple


class Excerpt(NamedTuple):
    """A piece of a file."""

    text: str
    start: int
    """Byte offset in the file."""

    def offset(self, characters: int) -> int:
        """The byte offset in the file of a character of the text."""
        return self.start + len(self.text[:characters].encode("utf-8", "surrogateescape"))


class _Token(NamedTuple):
    word: str
    """In upper case; empty for a string or a quoted name."""
    start: int
    end: int


_QUERY = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "("})
_TAILS = (("WITH", "NO", "DATA"), ("WITH", "DATA"), ("WITH", "CHECK", "OPTION"),
          ("WITH", "LOCAL", "CHECK", "OPTION"), ("WITH", "CASCADED", "CHECK", "OPTION"))  # fmt: skip
_BEFORE_A_STATEMENT = frozenset({"THEN", "ELSE", "BEGIN", "LOOP", "AS"})


def excerpt(data: bytes, start: int, end: int) -> Excerpt:
    """The text between two byte offsets."""
    return Excerpt(data[start:end].decode("utf-8", "surrogateescape"), start)


def defining_query(statement: Excerpt) -> Excerpt | None:
    """The query after AS in CREATE VIEW or CREATE TABLE, without WITH DATA and CHECK OPTION."""
    tokens = _tokens(statement.text)
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.word == "(") - (token.word == ")")
        if token.word == "AS" and not depth and index + 1 < len(tokens) and tokens[index + 1].word in _QUERY:
            return _cut(statement, _without_tail(tokens[index + 1 :]))
    return None


def insert_at(body: Excerpt, at: int) -> Excerpt | None:
    """The INSERT, with the WITH before it, that names its target at byte offset `at`."""
    tokens = _tokens(body.text)
    target = next((i for i, t in enumerate(tokens) if body.offset(t.start) >= at), None)
    if target is None:
        return None
    first = next((i for i in range(target, -1, -1) if tokens[i].word == "INSERT"), None)
    if first is None:
        return None
    end = _end(tokens, first)
    depth = 0
    for index in range(first - 1, -1, -1):
        word = tokens[index].word
        depth += (word == ")") - (word == "(")
        if depth < 0 or (not depth and (word == ";" or (word in _BEFORE_A_STATEMENT and word != "AS"))):
            break
        if not depth and word == "WITH":
            first = index
            break
    return _cut(body, tokens[first:end])


def _end(tokens: list[_Token], first: int) -> int:
    depth = 0
    for index in range(first, len(tokens)):
        word = tokens[index].word
        depth += (word == "(") - (word == ")")
        if depth < 0 or (not depth and word == ";"):
            return index
    return len(tokens)


def _without_tail(tokens: list[_Token]) -> list[_Token]:
    while tokens and tokens[-1].word == ";":
        tokens = tokens[:-1]
    for tail in _TAILS:
        if tuple(token.word for token in tokens[-len(tail) :]) == tail:
            return tokens[: -len(tail)]
    return tokens


def _cut(whole: Excerpt, tokens: list[_Token]) -> Excerpt:
    if not tokens:
        return Excerpt("", whole.start)
    return Excerpt(whole.text[tokens[0].start : tokens[-1].end + 1], whole.offset(tokens[0].start))


def _tokens(text: str) -> list[_Token]:
    import sqlglot
    from sqlglot.errors import TokenError

    named = {"STRING", "IDENTIFIER", "HEREDOC_STRING"}
    try:
        found = sqlglot.tokenize(text, read="postgres")
    except TokenError:
        return []
    return [_Token("" if t.token_type.name in named else t.text.upper(), t.start, t.end) for t in found]


def words(text: str) -> list[tuple[str, int]]:
    """The words of a text, in upper case, and where each begins; empty for strings and quoted names."""
    return [(token.word, token.start) for token in _tokens(text)]
