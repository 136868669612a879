"""The facts of SQL that stands in a file of another language, every offset one of the file."""

from collections.abc import Callable, Sequence
from typing import Any

from confiture_linter.engine.file_facts import FileFacts, renamed
from confiture_linter.engine.recovery import recovered_facts
from confiture_linter.model import Unanalysed
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.sources.embedded import Embedded
from confiture_linter.statements import Statement, summarise

_ELSEWHERE = 1 << 40
"""Added to the offsets of SQL that the file does not hold byte for byte, so that they can be told from other numbers
and be replaced by places in the file."""
_BEFORE = 64
"""Offsets that are not known count from -1 downwards."""


def embedded_facts(path: str, pieces: Sequence[Embedded]) -> FileFacts:
    """Parse each piece by itself: one that is refused hides no other."""
    statements: list[Statement] = []
    unanalysed: list[Unanalysed] = []
    for piece in pieces:
        exact = piece.exact
        facts = _facts(path, piece, piece.runs[0].place if exact else _ELSEWHERE)
        if not exact:
            facts = _placed(facts, piece.place)
        if piece.substitutions:
            facts = renamed(facts, piece.substitutions)
        statements.extend(facts.statements)
        unanalysed.extend(facts.unanalysed)
    return FileFacts(path, tuple(statements), tuple(unanalysed))


def _facts(path: str, piece: Embedded, base: int) -> FileFacts:
    statements: list[Statement] = []
    try:
        for raw in parse_statements(piece.sql.decode(), len(piece.sql)):
            statements.extend(summarise(raw, piece.sql, base))
    except (ParseFailure, RecursionError):
        return recovered_facts(path, piece.sql, piece.substitutions, base)
    return FileFacts(path, tuple(statements))


def _placed(value: Any, place: Callable[[int], int]) -> Any:
    """Replace offsets by places, everywhere in the facts."""
    kind = type(value)
    if kind is int:
        return place(max(value - _ELSEWHERE, 0)) if value >= _ELSEWHERE - _BEFORE else value
    if kind is tuple:
        return tuple([_placed(item, place) for item in value])
    if isinstance(value, tuple):
        return kind(*[_placed(item, place) for item in value])
    return value
