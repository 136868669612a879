"""One file as the other rooms see it: bytes of equal length, and what was set aside."""

from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.model import Span

if TYPE_CHECKING:
    from confiture_linter.sources.embedded import Embedded


class SourceProblem(NamedTuple):
    """Why a file, or a stretch of it, cannot be read as text."""

    kind: str
    """`encoding`, `nul-byte`, `too-large`, `unreadable`, `utf-16` or `binary`."""
    span: Span
    message: str


class Include(NamedTuple):
    r"""A file that psql would read at this place: `\i` and `\ir`."""

    path: str
    """As written, without its quotes; a `:variable` in it is kept."""
    span: Span
    relative: bool
    r"""Relative to the including file (`\ir`), not to the folder psql was started in."""


class SourceFile(NamedTuple):
    """One file: what is on disk, and what is analysed. Both have the same length and the same lines."""

    path: str
    """Relative to `Config.root`, `/` separated."""
    data: bytes
    """As on disk."""
    text: bytes
    """Valid UTF-8 as PostgreSQL's grammar may read it; every offset is also one of `data`."""
    problems: tuple[SourceProblem, ...] = ()
    includes: tuple[Include, ...] = ()
    substitutions: tuple[tuple[str, str], ...] = ()
    """Token in `text`, and what stands for it in names and messages; longer tokens first."""
    unanalysed: tuple[tuple[Span, str], ...] = ()
    """Stretches that could not be analysed, and why."""
    commands: tuple[tuple[str, Span], ...] = ()
    """psql meta-commands that were set aside: name without its backslash, and place."""
    role: str = "deploy"
    """`deploy`, `revert`, `verify`, `down`, `data`, `other-dialect` or `superseded`."""
    down: tuple[Span, ...] = ()
    """Sections that take a migration back, set aside: goose, dbmate, sql-migrate, tern and their kind."""
    language: str = "sql"
    """`sql`, `python` or `yaml`."""
    embedded: "tuple[Embedded, ...] | None" = None
    """The SQL in a file of another language, in the order in which it runs; None until it is read."""
