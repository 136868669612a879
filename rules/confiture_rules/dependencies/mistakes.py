"""What a name that leads nowhere is reported as."""

from collections.abc import Iterable
from typing import NamedTuple

from confiture_linter.model import Span
from confiture_linter.statements.facts import ColumnUse


class Mistake(NamedTuple):
    """A name that does not exist where it is used."""

    kind: str
    """`column`, or `relation` for the qualifier of a column."""
    path: str
    span: Span
    name: str
    """What does not exist."""
    message: str
    owner: str
    hint: str


def mistake(
    use: ColumnUse, path: str, owner: str, message: str, known: Iterable[str], kind: str = "column"
) -> Mistake:
    """A mistake at the place of `use`; `known` are the names it may have been meant as."""
    from difflib import get_close_matches

    wrong = use.name if kind == "column" else use.qualifier
    close = get_close_matches(wrong, sorted(known), 1, 0.6)
    hint = f"did you mean {close[0]}?" if close else "correct the name, or add the column first"
    return Mistake(kind, path, Span(use.at, -2), wrong, message, owner, hint)
