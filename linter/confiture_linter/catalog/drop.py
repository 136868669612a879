"""DROP: what disappears, and what goes with it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import (
    Column,
    Constraint,
    Entity,
    Function,
    Generic,
    Index,
    Policy,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Drops:
    """Carries DROP statements out; part of the replay."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def drop(self, fact: f.Drop, replay: "Replay") -> Entity | None:
        """Drop every target that exists; a missing one is a conflict unless IF EXISTS is given."""
        found: list[Any] = []
        for target in fact.targets:
            if target.kind in ("trigger", "policy", "rule"):
                self._part(target, fact, replay)
                continue
            entity: Any = replay.find(target)
            if entity is not None:
                found.append(entity)
            elif target.kind == "schema" and target.parts[-1] == "public" and self._has_public(fact.cascade):
                found.append(Schema("public", replay.where.path, replay.span()))  # nobody makes it
            elif (
                not fact.if_exists
                and target.kind in _KNOWN
                and target.parts[-1] not in self.catalog.temporary
            ):
                replay.conflict("missing-object", ".".join(target.parts), target.kind)
        if fact.cascade and found:
            self.remove_all(found, replay)
        else:
            for entity in found:
                self.remove(entity)
        return None

    def _has_public(self, cascade: bool) -> bool:
        """Whether the schema `public` that every database has is still there, and goes."""
        catalog = self.catalog
        filled = any(key[0] == "public" for key in (*catalog.relations, *catalog.functions, *catalog.types))
        return "public" not in catalog.former_schemas and (cascade or not filled)

    def owned(self, fact: f.DropOwned, replay: "Replay") -> None:
        """DROP OWNED BY: what OWNER TO gave to the roles."""
        found = self._owned_by(fact.roles)
        if fact.cascade and found:
            self.remove_all(found, replay)
        else:
            for entity in found:
                self.remove(entity)

    def reassign(self, fact: f.ReassignOwned) -> None:
        """REASSIGN OWNED BY."""
        for entity in self._owned_by(fact.roles):
            entity.owner = fact.owner

    def _owned_by(self, roles: tuple[str, ...]) -> list[Any]:
        catalog = self.catalog
        functions = [function for group in catalog.functions.values() for function in group]
        everything: list[Any] = [*catalog.relations.values(), *catalog.types.values(), *functions]
        everything += (*catalog.schemas.values(), *catalog.others)
        return [entity for entity in everything if entity.owner and entity.owner in roles]

    def remove_all(self, entities: Iterable[Any], replay: "Replay") -> None:
        """Remove objects, columns or constraints, and all that depends on them."""
        from confiture_linter.catalog.cascade import Cascade

        closed = Cascade(replay, entities).close()
        for column in closed.defaults:
            column.default = None
            column.serial, column.sequence = False, None
        for composite, name in closed.attributes:
            composite.attributes.pop(name, None)
        for (_, name), relation in closed.rules.items():
            relation.rules.pop(name, None)
        for entity in closed.gone.values():
            self.remove(entity)

    def remove(self, entity: Any) -> None:
        """Take one object out of the catalog, with what belongs to it."""
        catalog = self.catalog
        if isinstance(entity, Table):
            self._table(entity)
        elif isinstance(entity, View | Sequence):
            catalog.relations.pop((entity.schema, entity.name), None)
            for index in entity.indexes if isinstance(entity, View) else ():
                catalog.relations.pop((index.schema, index.name), None)
            self._statistics(entity)
        elif isinstance(entity, Function | Generic):
            group = catalog.functions.get((entity.schema, entity.name), [])
            if entity in group:
                group.remove(entity)
            elif isinstance(entity, Generic):
                catalog.others = [other for other in catalog.others if other is not entity]
        elif isinstance(entity, Type):
            catalog.types.pop((entity.schema, entity.name), None)
        elif isinstance(entity, Column | Constraint | Index | Trigger | Policy):
            self._of_relation(entity)
        elif entity.kind == "schema":
            self._schema(entity.name)
        elif entity.kind == "extension":
            catalog.extensions.pop(entity.name, None)
            for dependent in entity.dependents:
                self.remove(dependent)

    def _statistics(self, relation: Any, column: str = "") -> None:
        """Statistics go with their table, and with any of their columns."""
        catalog = self.catalog
        catalog.others = [
            other
            for other in catalog.others
            if other.relation is not relation or relation is None or (column and column not in other.columns)
        ]

    def _table(self, entity: Table) -> None:
        catalog = self.catalog
        self._statistics(entity)
        if catalog.relations.get((entity.schema, entity.name)) is entity:
            del catalog.relations[entity.schema, entity.name]
        for index in entity.indexes:
            catalog.relations.pop((index.schema, index.name), None)
        partitions, entity.partitions = entity.partitions, []
        for partition in partitions:
            self.remove(partition)
        if entity.partition_of is not None and entity in entity.partition_of.partitions:
            entity.partition_of.partitions.remove(entity)
        for parent in entity.parents:
            parent.children = [child for child in parent.children if child is not entity]
        for child in entity.children:
            child.parents = [parent for parent in child.parents if parent is not entity]
        for relation in list(catalog.relations.values()):
            if (
                isinstance(relation, Sequence)
                and relation.owned_by is not None
                and relation.owned_by.table is entity
            ):
                catalog.relations.pop((relation.schema, relation.name), None)

    def _of_relation(self, entity: Column | Constraint | Index | Trigger | Policy) -> None:
        if isinstance(entity, Column):
            self._column(entity)
        elif isinstance(entity, Constraint):
            for table in (entity.table, *entity.table.partitions):
                table.constraints = [c for c in table.constraints if c is not entity]
        elif isinstance(entity, Index):
            self.catalog.relations.pop((entity.schema, entity.name), None)
            if entity in entity.table.indexes:
                entity.table.indexes.remove(entity)
        elif isinstance(entity, Trigger):
            entity.table.triggers = [t for t in entity.table.triggers if t is not entity]
        else:
            entity.table.policies = [p for p in entity.table.policies if p is not entity]

    def _column(self, column: Column) -> None:
        """A column with the constraints, indexes and sequences that are its own."""
        catalog, name = self.catalog, column.name
        for table in column.table.family():
            held = table.columns.get(name)
            if held is None or (held is not column and held.table is not column.table):
                continue  # a column of its own, or none
            del table.columns[name]
            self._statistics(table, name)
            table.constraints = [c for c in table.constraints if name not in c.columns]
            for index in [i for i in table.indexes if uses_column(i, name)]:
                table.indexes.remove(index)
                catalog.relations.pop((index.schema, index.name), None)
        for relation in [r for r in catalog.relations.values() if isinstance(r, Sequence)]:
            if relation.owned_by is column:
                catalog.relations.pop((relation.schema, relation.name), None)

    def _schema(self, name: str) -> None:
        catalog = self.catalog
        catalog.schemas.pop(name, None)
        catalog.former_schemas.add(name)
        catalog.others = [other for other in catalog.others if other.schema != name]
        for store in (catalog.relations, catalog.functions, catalog.types):
            emptied: Any = store
            for key in [k for k in emptied if k[0] == name]:
                del emptied[key]

    def _part(self, target: f.ObjectPath, fact: f.Drop, replay: "Replay") -> None:
        parts = target.parts
        if len(parts) < 2:
            return
        relation = self.catalog.relation(parts[-3] if len(parts) > 2 else "", parts[-2])
        if not isinstance(relation, Table | View):
            return
        name = parts[-1]
        if target.kind == "trigger":
            found = any(t.name == name for t in relation.triggers)
            relation.triggers = [t for t in relation.triggers if t.name != name]
        elif target.kind == "policy":
            found = any(p.name == name for p in relation.policies)
            relation.policies = [p for p in relation.policies if p.name != name]
        else:
            found = relation.rules.pop(name, None) is not None
        unknown = isinstance(relation, Table) and relation.unknown_columns
        if not found and not fact.if_exists and not unknown:
            replay.conflict("missing-object", ".".join(parts), target.kind)


def uses_column(index: Index, column: str) -> bool:
    """Whether an index needs a column: as a key, a payload, in an expression or in its condition."""
    if column in index.columns or column in index.include:
        return True
    expressions = [c.expression for c in index.fact.columns] + [index.predicate]
    return any(e is not None and any(use.name == column for use in e.columns) for e in expressions)


_KNOWN = frozenset(
    {"table", "view", "materialized view", "sequence", "function", "procedure", "type", "domain"}
)
