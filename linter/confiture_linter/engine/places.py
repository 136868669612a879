"""Where an object's name is written: PostgreSQL's grammar gives no place for most of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Schema,
    SourceStatement,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.entities import Entity
from confiture_linter.catalog.entities import Sequence as SequenceEntity
from confiture_linter.model import MAX_IDENTIFIER_BYTES
from confiture_linter.statements.facts import Rename

_TOKEN = re.compile(
    rb"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[A-Za-z_\x80-\xff][\w$\x80-\xff]*)""",
    re.VERBOSE | re.DOTALL,
)
_DOT = re.compile(rb"\s*\.")

_KEYWORDS: dict[type[Entity], frozenset[str]] = {
    Function: frozenset({"function", "procedure"}),
    Type: frozenset({"type", "domain"}),
    Schema: frozenset({"schema"}),
    Index: frozenset({"index"}),
    Trigger: frozenset({"trigger"}),
    Policy: frozenset({"policy"}),
    Constraint: frozenset({"constraint"}),
}
"""Words behind which a name of the kind stands; the name of a relation or a column has a place of its own."""


class NamePlace(NamedTuple):
    """A name in the text: the file, the byte offset (-1: nowhere) and the name before it was cut to 63 bytes."""

    path: str
    at: int
    written: str


def name_place(
    entity: Entity, texts: Callable[[str], bytes], renames: Mapping[str, Sequence[SourceStatement]]
) -> NamePlace:
    """Find the name of an object in its definition, or in the statement that renamed it."""
    name: str = getattr(entity, "name", "")
    text = texts(entity.path)
    start, end = _stretch(entity, text)
    at, written = find_name(text, start, end, name, _KEYWORDS.get(type(entity), frozenset()))
    if at < 0 and name in renames:
        where = _rename_of(entity, renames[name])
        span = where.statement
        at, written = find_name(texts(where.path), span.start, span.end, name, frozenset({"to"}))
        return NamePlace(where.path, at, written)
    return NamePlace(entity.path, at, written)


def renames_by_name(catalog: Catalog) -> dict[str, list[SourceStatement]]:
    """The statements that rename something, by the new name."""
    found: dict[str, list[SourceStatement]] = {}
    for where in catalog.statements:
        fact = where.statement.fact
        if type(fact) is Rename:
            found.setdefault(fact.new, []).append(where)
    return found


def find_name(text: bytes, start: int, end: int, name: str, after: frozenset[str]) -> tuple[int, str]:
    """Where `name` is written between two offsets, behind one of the words `after`, and how; -1: nowhere."""
    wanted = not after
    for match in _TOKEN.finditer(text, start, end):
        raw = match["plain"] or match["quoted"]
        if raw is None:
            continue
        plain = match["plain"] is not None
        written = raw.decode("utf-8", "replace")
        written = _folded(written) if plain else written.replace('""', '"')
        if not wanted:
            wanted = plain and written in after
        elif cut(written) == name and not _DOT.match(text, match.end()):
            return match.start(), written
    return -1, name


def cut(name: str) -> str:
    """The name as PostgreSQL keeps it: at most 63 bytes, never half a character (truncate_identifier)."""
    data = name.encode()
    return (
        name if len(data) <= MAX_IDENTIFIER_BYTES else data[:MAX_IDENTIFIER_BYTES].decode("utf-8", "ignore")
    )


def _folded(name: str) -> str:
    """Lower case of A to Z alone, as PostgreSQL folds what is not quoted."""
    return name.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _stretch(entity: Entity, text: bytes) -> tuple[int, int]:
    """Where to look: from the place that the grammar gives, to the end of the statement or of the file."""
    if isinstance(entity, Table | View | SequenceEntity):
        return entity.fact.at, len(text) if entity.span.end < 0 else entity.span.end
    if isinstance(entity, Column):
        table = entity.table.fact
        if table.from_query:
            return table.at, entity.table.span.end
        token = _TOKEN.match(text, max(entity.fact.at, 0))
        return entity.fact.at, token.end() if token else entity.fact.at
    if isinstance(entity, Constraint) and not entity.fact.name:
        return 0, 0
    start, end = entity.span
    return start, len(text) if end < 0 else end


def _rename_of(entity: Entity, renames: Sequence[SourceStatement]) -> SourceStatement:
    table = getattr(entity, "table", None)
    if table is not None:
        for where in reversed(renames):
            fact = where.statement.fact
            if type(fact) is Rename and table.name in fact.target.parts:
                return where
    return renames[-1]
