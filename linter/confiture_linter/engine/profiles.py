"""Anonymization profiles as subjects of rules: what one says, and where."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from confiture_linter.catalog import Catalog, Column, Table
from confiture_linter.catalog.entities import Entity
from confiture_linter.engine.context import Context
from confiture_linter.model import ConfigError, LineIndex, Problem, Span
from confiture_linter.sources import SourceFile

if TYPE_CHECKING:  # most trees have no profile, and reading one takes imports that no other rule needs
    from confiture_linter.profiles import ColumnRule, Profile, Spec, TableRule

_WORD = re.compile(rb"[^\s,:{}\[\]]+")


class AnonymizationProfile(Entity):
    """One profile of the folder `anonymization.profiles`."""

    __slots__ = ("_lines", "problems", "profile")

    kind = "anonymization profile"

    def __init__(self, source: SourceFile) -> None:
        super().__init__(source.path, Span(0, 0))
        self._lines = LineIndex(source.text)
        self.problems: tuple[Problem, ...] = ()
        """Why it cannot be read."""
        self.profile: Profile | None = None
        from confiture_linter.profiles import read_profile

        try:
            self.profile = read_profile(source.text, source.path, _known)
        except ConfigError as error:
            self.problems = error.problems

    def at(self, line: int, column: int) -> Span:
        """The word at a place: 1-based line, 1-based column in code points."""
        if not 0 < line <= self._lines.line_count:
            return Span(0, 0)
        start = self._lines.line_start(line)
        start += len(self._lines.line_text(line)[: max(column - 1, 0)].encode())
        found = _WORD.match(self._lines.data, start)
        return Span(start, found.end() if found else start)

    def tables(self, catalog: Catalog) -> "Iterator[tuple[TableRule, Table]]":
        """The rules whose table is known, with the whole of a partitioned table for its partition."""
        for rule in self.profile.rules if self.profile is not None else ():
            table = table_named(catalog, rule.table)
            if table is not None:
                yield rule, table


def table_named(catalog: Catalog, name: str) -> Table | None:
    """The table a profile means: by schema, by the search path, or the only one of that name."""
    schema, _, bare = name.rpartition(".")
    found = catalog.relation(schema, bare, catalog.default_path)
    if isinstance(found, Table):
        return found
    same = [table for table in catalog.tables if table.name == bare] if not schema else []
    return same[0] if len(same) == 1 else None


def specs_of(rule: "TableRule | None") -> "dict[str, ColumnRule]":
    """Column to its rule."""
    return {column.column: column for column in rule.columns} if rule is not None else {}


def masks(spec: "Spec | None") -> bool:
    """Whether a strategy changes anything."""
    return spec is not None and spec.type != "keep"


def text_type(catalog: Catalog, column: Column) -> tuple[str, bool]:
    """The type's own name, and whether it is a text below its domains, or a row that may hold some."""
    written = column.type
    for _ in range(8):
        if written.name in ("text", "varchar", "bpchar", "citext"):
            return column.type.name, True
        found = catalog.type(written.schema, written.name, catalog.default_path)
        if found is not None and found.form == "composite":
            return column.type.name, True
        if found is None or found.form != "domain" or found.base is None:
            break
        written = found.base
    return column.type.name, False


def add_profiles(context: Context, sources: Iterable[SourceFile]) -> None:
    """Make profiles known to the rules, and their text to whoever shows a place."""
    texts = {source.path: source.text for source in sources}
    if not texts:
        return
    other = context.text
    context.text = lambda path: texts[path] if path in texts else other(path)
    context.profiles = [
        AnonymizationProfile(source) for source in sources if source.text or not source.problems
    ]


def _known(kind: str) -> bool:
    """Whether an installed package names such a strategy; nothing is loaded."""
    from importlib.metadata import entry_points

    return any(entry.name == kind for entry in entry_points(group="confiture.strategies"))
