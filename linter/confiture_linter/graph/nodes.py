"""The objects of a catalog as nodes, and the id of each."""

from collections.abc import Callable, Iterator
from typing import Any

from confiture_linter.catalog import (
    Catalog,
    Column,
    Constraint,
    Function,
    Index,
    Policy,
    Table,
    Trigger,
    View,
)
from confiture_linter.catalog.entities import Entity, Generic, Named
from confiture_linter.graph.places import Places
from confiture_linter.graph.values import Node
from confiture_linter.statements.facts import Statement

Layer = Callable[[Entity], str]
"""The name of the configured layer of an object; empty where none claims it."""


class RuleEntry(Entity):
    """A rewrite rule."""

    __slots__ = ("name", "statement", "table")

    kind = "rule"

    def __init__(self, table: Table | View, name: str, path: str, statement: Statement) -> None:
        super().__init__(path, _span(statement))
        self.table = table
        self.name = name
        self.statement = statement


def _span(statement: Statement) -> Any:
    from confiture_linter.model import Span

    return Span(statement.start, statement.end)


def node_id(entity: Any) -> str:
    """The id of an object, a part of a relation, or a column."""
    if isinstance(entity, Constraint):
        return f"constraint:{entity.table.identity}.{entity.name}"
    if isinstance(entity, Trigger | Policy | Column | RuleEntry):
        return f"{entity.kind}:{entity.table.identity}.{entity.name}"
    return str(entity.id)


def objects(catalog: Catalog) -> Iterator[Named]:
    """Everything that has a name of its own, parts of relations left out."""
    yield from catalog.schemas.values()
    yield from catalog.extensions.values()
    yield from catalog.types.values()
    for relation in catalog.relations.values():
        if not isinstance(relation, Index) and not (isinstance(relation, Table) and relation.temporary):
            yield relation
    for group in catalog.functions.values():
        yield from (routine for routine in group if routine.schema != "pg_temp")
    yield from (other for other in catalog.others if other.name)


Part = Constraint | Index | Trigger | Policy | RuleEntry


def parts(relation: Table | View, rules: list[RuleEntry]) -> Iterator[Part]:
    """What belongs to one relation; not what it shares with a parent."""
    if isinstance(relation, Table):
        yield from (constraint for constraint in relation.constraints if constraint.table is relation)
    yield from relation.indexes
    yield from relation.triggers
    yield from relation.policies
    yield from (rule for rule in rules if rule.table is relation)


def rules_of(catalog: Catalog) -> list[RuleEntry]:
    """Every rewrite rule, less those that make views."""
    return [
        RuleEntry(relation, name, where.path, where.statement)
        for relation in catalog.relations.values()
        if isinstance(relation, Table | View)
        for name, where in relation.rules.items()
    ]


def nodes_of(catalog: Catalog, rules: list[RuleEntry], places: Places, layer: Layer) -> dict[str, Node]:
    """All nodes by id."""
    found: dict[str, Node] = {}
    for entity in objects(catalog):
        _add(found, entity, entity.schema, "", places, layer(entity))
        if isinstance(entity, Table | View):
            for part in parts(entity, rules):
                _add(found, part, entity.schema, entity.id, places, layer(entity))
    return found


def _add(found: dict[str, Node], entity: Any, schema: str, owner: str, places: Places, layer: str) -> None:
    identifier = node_id(entity)
    if identifier not in found:
        file, line = places.of(entity)
        found[identifier] = Node(identifier, kind_of(entity), schema, entity.name, owner, file, line, layer)


def kind_of(entity: Any) -> str:
    """`table`, `view`, `materialized_view`, `function`, `procedure`, `aggregate`, `constraint`, …"""
    if isinstance(entity, Constraint):
        return "constraint"
    if isinstance(entity, Generic):
        return entity.what.replace(" ", "_")
    return str(entity.kind)


def dynamic_functions(catalog: Catalog) -> Iterator[Function]:
    """Functions that put SQL together at run time."""
    for function in catalog.routines:
        if function.fact.body is not None and function.fact.body.dynamic:
            yield function
