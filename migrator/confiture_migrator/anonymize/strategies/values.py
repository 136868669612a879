"""What a strategy is made into for one column: an SQL expression, a Python function, or both with the same result."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Column
from confiture_migrator.anonymize.types import ColumnType

Row: TypeAlias = Mapping[str, str | None]
"""The columns that a strategy reads, as PostgreSQL's `::text` writes them."""
ROW = "confiture_row"
"""The name of the source's row in every expression."""


class Expression(NamedTuple):
    """A value that is not NULL, as SQL."""

    raw: str
    """Of its own type."""
    text: str
    """Of type text."""
    cheap: bool = True
    """Whether it may stand more than once: a column, not a computation."""


class Compiled(NamedTuple):
    """A strategy for one column. It is not asked about NULL, which stays NULL."""

    sql: Callable[[Expression], str] | None
    """Makes an expression of type text; None: only Python can."""
    python: Callable[[str, Row], str | None]
    """Makes the same of the same text."""
    telling: bool = False
    """Whether its results are unlike any original, so that an original that turns up has leaked."""
    reads: tuple[str, ...] = ()
    """Other columns of the row."""
    repeats: str = ""
    """Why different values become the same; empty: they do not."""
    crowded: str = ""
    """Why different values may happen to become the same, in a large table."""
    masks: str = ""
    """SQL condition of the rows in which it masks; empty: all."""
    untouched: bool = False
    """Whether it keeps every value."""


class Setting(NamedTuple):
    """Where a strategy is used."""

    column: Column
    type: ColumnType
    """The type of the values: that of an element in an array, text in a document."""
    columns: tuple[Column, ...]
    """The columns of the table."""
    keyring: Keyring
    compile: "Callable[[Spec, Setting], Compiled]"

    def other(self, name: str) -> Column:
        """Another column of the row."""
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise Unfit(f"the table has no column {name}")
        return found


class Unfit(Exception):
    """A strategy cannot do what it is asked to; its message says why and what to do."""


Strategy: TypeAlias = Callable[[Spec, Setting], Compiled]
"""What an entry point of `confiture.strategies` names. Raises `Unfit` for a column it is not made for."""


def only(setting: Setting, spec: Spec, *kinds: str) -> None:
    """Raise `Unfit` unless the column is of one of these kinds."""
    if setting.type.kind not in kinds:
        raise Unfit(f"{spec.type} is for {', '.join(kinds)}, not for {setting.type.name}")
