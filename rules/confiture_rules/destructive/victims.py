"""What CASCADE takes along."""

from confiture_linter.catalog import Table
from confiture_linter.catalog.entities import Entity
from confiture_linter.effects import Change
from confiture_linter.graph.dependents import dependents
from confiture_linter.statements.facts import AlterTable, Drop, ObjectPath


def victims_of_cascade(change: Change) -> list[str] | None:
    """What depends on what a statement drops; None where nothing does, [] where that is not known."""
    victims: list[str] = []
    known = True
    for entity, column in _dropped(change):
        if entity is None:
            known = False
            continue
        if change.is_new(entity.identity):
            continue
        victims += [
            d.identity if d.identity.startswith(f"{d.kind} ") else f"{d.kind} {d.identity}"
            for d in dependents(change.catalog, entity, column)
            if d.how == "blocks"
        ]
    if victims:
        return list(dict.fromkeys(victims))
    return None if known else []


def _dropped(change: Change) -> list[tuple[Entity | None, str | None]]:
    fact = change.fact
    if isinstance(fact, Drop):
        return [(_find(change, target), None) for target in fact.targets if target.kind in _KINDS]
    if isinstance(fact, AlterTable):
        table = change.relation(fact.schema, fact.name)
        columns = [
            command.name for command in fact.commands if command.kind == "DropColumn" and command.cascade
        ]
        return [(table if isinstance(table, Table) else None, column) for column in columns]
    return []


_KINDS = frozenset(
    {"table", "view", "materialized view", "function", "procedure", "routine", "type", "domain", "sequence"}
)


def _find(change: Change, target: ObjectPath) -> Entity | None:
    schema = target.parts[-2] if len(target.parts) > 1 else ""
    if target.kind in ("type", "domain"):
        return change.catalog.type(schema, target.parts[-1])
    if target.kind in ("function", "procedure", "routine"):
        group = change.catalog.overloads(schema, target.parts[-1])
        return group[0] if len(group) == 1 else None
    return change.relation(schema, target.parts[-1])
