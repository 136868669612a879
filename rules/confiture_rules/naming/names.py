"""Everything in a schema that somebody gave a name."""

from collections.abc import Iterator

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding

Named = Schema | Table | View | Sequence | Type | Function | Index | Column | Constraint | Trigger | Policy


def all_names(ctx: Context) -> list[tuple[str, Named]]:
    """Every object with a name of its own, and its kind; what PostgreSQL named itself is left out."""
    found: list[tuple[str, Named]] = ctx.memo("naming.names", lambda: list(_names(ctx.catalog)))
    return found


def _names(catalog: Catalog) -> Iterator[tuple[str, Named]]:
    for schema in catalog.schemas.values():
        yield "schema", schema
    for table in catalog.tables:
        yield "table", table
        yield from _parts(table)
    for view in catalog.views:
        yield view.kind, view
    for sequence in catalog.sequences:
        if sequence.span.end >= 0:
            yield "sequence", sequence
    for type in catalog.types.values():
        yield "type", type
    for routine in catalog.routines:
        yield routine.kind, routine
    for index in catalog.indexes:
        if index.fact.name:
            yield "index", index
    for trigger in catalog.triggers:
        yield "trigger", trigger
    for policy in catalog.policies:
        yield "policy", policy


def _parts(table: Table) -> Iterator[tuple[str, Named]]:
    """Columns and constraints that are the table's own: not inherited, not copied by LIKE."""
    copied = {like.at for like in table.fact.like}
    for column in table.columns.values():
        if column.table is table and column.fact.at not in copied:
            yield "column", column
    for constraint in table.constraints:
        if constraint.table is table and constraint.fact.name and constraint.fact.at not in copied:
            yield "constraint", constraint


def shown(named: Named) -> str:
    """The name as a message prints it; parts of a table with their table."""
    if isinstance(named, Column | Constraint | Trigger | Policy):
        return f"{named.table.name}.{named.name}"
    return named.name


def name_finding(named: Named, ctx: Context, message: str, help: str) -> Finding:
    """A finding at the place where the name is written."""
    place = ctx.name_place(named)
    if place.at < 0:
        return named.finding(message, help=help)
    return named.finding(message, at=place.at, path=place.path, help=help)
