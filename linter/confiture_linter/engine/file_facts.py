"""Everything one file says, independent of all others: the unit of work, of the cache and of processes."""

from typing import NamedTuple

from confiture_linter.model import Span, Unanalysed
from confiture_linter.parse import ParseFailure, RawStatement, parse_statements
from confiture_linter.statements import Statement, summarise
from confiture_linter.statements.facts import Unparsed


class FileFacts(NamedTuple):
    """The statements of one file and what could not be made of it."""

    path: str
    statements: tuple[Statement, ...]
    unanalysed: tuple[Unanalysed, ...] = ()


def file_facts(path: str, text: bytes, substitutions: tuple[tuple[str, str], ...] = ()) -> FileFacts:
    """Parse and summarise the text of one file."""
    decoded = text.decode()
    try:
        statements = _summarised(parse_statements(decoded, len(text), substitutions), text)
    except (ParseFailure, RecursionError):
        from confiture_linter.engine.recovery import recovered_facts

        return recovered_facts(path, text, substitutions)
    return FileFacts(path, tuple(statements))


def _summarised(raw: list[RawStatement], text: bytes) -> list[Statement]:
    statements: list[Statement] = []
    for item in raw:
        statements.extend(summarise(item, text))
    return statements


def unparsed(start: int, end: int, message: str, at: int, *, template: bool) -> Statement:
    """A statement the grammar refuses."""
    return Statement(start, end, Unparsed(message, at, template))


def span_of(statement: Statement) -> Span:
    """The place of a statement."""
    return Span(statement.start, statement.end)
