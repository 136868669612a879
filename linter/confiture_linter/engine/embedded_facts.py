"""The facts of SQL that stands in a file of another language, every offset one of the file."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from confiture_linter.engine.file_facts import FileFacts
from confiture_linter.engine.recovery import recovered_facts
from confiture_linter.model import Edit, Finding, Unanalysed
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.sources import SourceFile
from confiture_linter.sources.embedded import Embedded
from confiture_linter.statements import Statement, summarise
from confiture_linter.statements.stand_ins import renamed

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


def only_possible_fixes(findings: Iterable[Finding], sources: Sequence[SourceFile]) -> list[Finding]:
    """Take back the fixes that cannot be made in a file of another language.

    An edit of SQL is one of the file only where the file holds that SQL byte for byte, and where the edit brings
    nothing that means something else there: a quote, a backslash, the end of a line.
    """
    held = {
        source.path: [_held(piece) for piece in source.embedded if piece.exact]
        for source in sources
        if source.embedded is not None
    }
    return [
        finding._replace(fix=None)
        if finding.fix is not None and not all(_possible(edit, held) for edit in finding.fix.edits)
        else finding
        for finding in findings
    ]


def _held(piece: Embedded) -> tuple[int, int]:
    start = piece.runs[0].place
    return start, start + len(piece.sql)


def _possible(edit: Edit, held: dict[str, list[tuple[int, int]]]) -> bool:
    if edit.path not in held:
        return True
    if any(sign in edit.replacement for sign in "'\"\\\n{}%"):
        return False
    return any(start <= edit.span.start and edit.span.end <= end for start, end in held[edit.path])
