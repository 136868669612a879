"""What the rules about added columns share."""

from collections.abc import Iterator, Sequence

from confiture_linter.catalog import Type
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


def domain_of(change: Change, column: ColumnFact) -> Type | None:
    """The domain that is the type of a column; None for any other type."""
    found = None if column.type.array else change.catalog.type(column.type.schema, column.type.name)
    return found if found is not None and found.form == "domain" else None


def has_constraints(change: Change, domain: Type) -> bool:
    """Whether a domain, or one that it is made of, has constraints (DomainHasConstraints)."""
    seen: set[int] = set()
    current: Type | None = domain
    while current is not None and current.form == "domain" and id(current) not in seen:
        seen.add(id(current))
        if current.not_null or current.constraints:
            return True
        base = current.base
        current = change.catalog.type(base.schema, base.name) if base is not None and not base.array else None
    return False


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
