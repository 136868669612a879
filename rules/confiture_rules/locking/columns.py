"""What the rules about added columns share."""

from collections.abc import Iterator, Sequence

from confiture_linter.effects import Change, Effects
from confiture_linter.model import Finding
from confiture_linter.statements.facts import AlterTable, ColumnFact


def added_columns(change: Change) -> Iterator[tuple[str, ColumnFact, Effects]]:
    """Columns that are added to a table in use: the table as SQL writes it, the column, what adding it does."""
    fact = change.fact
    if not isinstance(fact, AlterTable):
        return
    table = change.quoted(fact.schema, fact.name)
    for command in change.commands("AddColumn"):
        effects = change.effects_of_command(command)
        if command.column is not None and not effects.error:
            yield table, command.column, effects


def listed(columns: Sequence[ColumnFact]) -> str:
    """Their names: one statement writes a table anew once, for all of them."""
    shown = [column.name for column in columns[:3]]
    more = len(columns) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def column_finding(change: Change, column: ColumnFact, message: str, help: str) -> Finding:
    """A finding at an added column."""
    fact = change.fact
    table = change.identity_of(fact.schema, fact.name) if isinstance(fact, AlterTable) else ""
    return change.finding(message, at=column.at, object=f"{table}.{column.name}", help=help)
