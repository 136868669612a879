"""Calls PostgreSQL's parser and tells where a statement begins and ends."""

from typing import Any, NamedTuple

from confiture_linter.parse.decode import Node, decode
from confiture_linter.parse.library import load_parser

_parser = load_parser()
_parse_sql_json = _parser.parse_sql_json
_parse_plpgsql_json = _parser.parse_plpgsql_json
_ParseError: type[Exception] = _parser.ParseError


class RawStatement(NamedTuple):
    """One statement as PostgreSQL's grammar reads it."""

    kind: str
    """Name of the node in PostgreSQL's parse tree, such as `CreateStmt`."""
    node: Node
    start: int
    """Byte offset of its first token."""
    end: int
    """Byte offset after its last character; the semicolon is not part of it."""


class ParseFailure(Exception):
    """PostgreSQL's grammar refuses the text; carries the message and the byte offset, -1 if unknown."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset


def parse_statements(text: str, size: int) -> list[RawStatement]:
    """Parse `text`, which has `size` bytes in UTF-8, into its statements in order.

    Raises `ParseFailure` for a syntax error and `RecursionError` for a tree deeper than the decoder goes.
    """
    try:
        printed = _parse_sql_json(text)
    except _ParseError as error:
        raise _failure(error, text) from None
    statements = []
    for item in decode(printed).get("stmts", ()):
        start = item.get("stmt_location", 0)
        length = item.get("stmt_len", 0)
        for kind, node in item["stmt"].items():
            statements.append(RawStatement(kind, node, start, start + length if length else size))
    return statements


def parse_plpgsql(text: str) -> list[Node]:
    """Parse every PL/pgSQL function and DO block that `text` creates, in order.

    Raises `ParseFailure` as soon as one of them is refused.
    """
    try:
        printed = _parse_plpgsql_json(text)
    except _ParseError as error:
        raise ParseFailure(str(error.args[0]), -1) from None
    result: list[Node] = decode(printed)
    return result


def scan_tokens(text: str) -> list[tuple[int, int, str]]:
    """Lex `text` into (start, end, token name), offsets in code points, end excluded.

    Raises `ParseFailure` where PostgreSQL's scanner gives up, such as an unterminated string.
    """
    try:
        return [(token.start, token.end + 1, token.name) for token in _parser.scan(text)]
    except _ParseError as error:
        raise _failure(error, text) from None


def parser_version() -> str:
    """The PostgreSQL version whose grammar is used, such as `18.6`."""
    version = _parser.get_postgresql_version()
    return ".".join(map(str, version))


def _failure(error: Exception, text: str) -> ParseFailure:
    """Find the true place of an error.

    pglast takes libpg_query's cursor position for a byte offset and converts it to an index. Mostly the position
    counts characters already, so that the index is wrong as soon as a non-ASCII character precedes the error and
    the UTF-8 length of the text up to it gives the true one back (measured on 7.21 and 8.7); at times, in one
    and the same process, it does count bytes, and the index is right. The token that the message quotes decides.
    """
    message = str(error.args[0])
    reported: Any = error.args[1] if len(error.args) > 1 else None
    if not isinstance(reported, int) or reported < 0:
        return ParseFailure(message, -1)
    converted = len(text[:reported].encode())
    token = message.partition(' at or near "')[2][:-1]
    index = reported if token and not text.startswith(token, converted) else converted
    return ParseFailure(message, len(text[:index].encode()))
