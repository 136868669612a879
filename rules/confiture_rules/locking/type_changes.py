"""What the rules about changed column types share."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Table
from confiture_linter.catalog.types import format_type
from confiture_linter.effects import Change, Effects
from confiture_linter.model import Finding
from confiture_linter.statements.facts import AlterCommand, AlterTable, TypeName


class Retyped(NamedTuple):
    """A column of a table in use that gets another type."""

    command: AlterCommand
    table: str
    """As SQL writes it."""
    entity: Table | None
    old: str
    """As format_type writes it; empty where it is not known."""
    new: str
    effects: Effects
    identity: str

    @property
    def change(self) -> str:
        """From what to what."""
        return f"from {self.old} to {self.new}" if self.old else f"to {self.new}"


def retyped_columns(change: Change) -> Iterator[Retyped]:
    """Columns that get another type; those that PostgreSQL refuses to change are left out."""
    fact = change.fact
    if not isinstance(fact, AlterTable):
        return
    found = change.relation(fact.schema, fact.name)
    table = found if isinstance(found, Table) else None
    for command in change.commands("AlterColumnType"):
        effects = change.effects_of_command(command)
        if command.type is None or effects.error:
            continue
        column = table.columns.get(command.name) if table is not None else None
        yield Retyped(
            command,
            change.quoted(fact.schema, fact.name),
            table,
            _spelt(change, column.type) if column is not None else "",
            _spelt(change, command.type),
            effects,
            f"{change.identity_of(fact.schema, fact.name)}.{command.name}",
        )


def _spelt(change: Change, written: TypeName) -> str:
    if not written.name or written.percent_type:
        return ""
    return format_type(change.catalog.type_schema(written), written)


def type_change_finding(change: Change, retyped: Retyped, message: str, help: str) -> Finding:
    """A finding at a changed type."""
    at = retyped.command.type.at if retyped.command.type is not None else -1
    return change.finding(message, at=at, object=retyped.identity, help=help)
