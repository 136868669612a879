"""Everything one file says, independent of all others: the unit of work, of the cache and of processes."""

from typing import NamedTuple

from confiture_linter.model import Unanalysed
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.sources import SourceFile
from confiture_linter.statements import Statement, summarise
from confiture_linter.statements.stand_ins import renamed

LARGE_FILE_BYTES = 4 * 1024 * 1024
"""Above this a file is parsed statement by statement, so that its syntax tree is never held at once."""


class FileFacts(NamedTuple):
    """The statements of one file and what could not be made of it."""

    path: str
    statements: tuple[Statement, ...]
    unanalysed: tuple[Unanalysed, ...] = ()


def source_facts(source: SourceFile) -> FileFacts:
    """Parse and summarise one file, or the pieces of SQL in it."""
    if source.embedded is None:
        return file_facts(source.path, source.text, source.substitutions)
    from confiture_linter.engine.embedded_facts import embedded_facts

    return embedded_facts(source.path, source.embedded)


def file_facts(path: str, text: bytes, substitutions: tuple[tuple[str, str], ...] = ()) -> FileFacts:
    """Parse and summarise the text of one file.

    `substitutions` are the stand-ins for placeholders in `text` and what they stand for.
    """
    facts = _file_facts(path, text, substitutions)
    named: FileFacts = renamed(facts, substitutions) if substitutions else facts
    return named


def _file_facts(path: str, text: bytes, substitutions: tuple[tuple[str, str], ...]) -> FileFacts:
    if len(text) > LARGE_FILE_BYTES:
        return _recovered(path, text, substitutions)
    try:
        statements: list[Statement] = []
        for raw in parse_statements(text.decode(), len(text)):
            statements.extend(summarise(raw, text))
    except (ParseFailure, RecursionError):
        return _recovered(path, text, substitutions)
    return FileFacts(path, tuple(statements))


def _recovered(path: str, text: bytes, substitutions: tuple[tuple[str, str], ...]) -> FileFacts:
    from confiture_linter.engine.recovery import recovered_facts

    return recovered_facts(path, text, substitutions)
