"""DROP: what disappears, and what goes with it."""

from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Entity, Function, Generic, Index, Sequence, Table, Type, View
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Drops:
    """Carries DROP statements out; part of the replay."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def drop(self, fact: f.Drop, replay: "Replay") -> Entity | None:
        """Drop every target that exists; a missing one is a conflict unless IF EXISTS is given."""
        for target in fact.targets:
            if target.kind in ("trigger", "policy", "rule"):
                self._part(target, fact, replay)
                continue
            entity: Any = replay.find(target)
            if entity is None:
                if (
                    not fact.if_exists
                    and target.kind in _KNOWN
                    and target.parts[-1] not in self.catalog.temporary
                ):
                    replay.conflict("missing-object", ".".join(target.parts), target.kind)
                continue
            self.remove(entity)
            if fact.cascade:
                self._cascade(entity)
        return None

    def remove(self, entity: Any) -> None:
        """Take one object out of the catalog, with what belongs to it."""
        catalog = self.catalog
        if isinstance(entity, Table):
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
            for relation in list(catalog.relations.values()):
                if (
                    isinstance(relation, Sequence)
                    and relation.owned_by is not None
                    and relation.owned_by.table is entity
                ):
                    catalog.relations.pop((relation.schema, relation.name), None)
        elif isinstance(entity, View | Sequence):
            catalog.relations.pop((entity.schema, entity.name), None)
            for index in entity.indexes if isinstance(entity, View) else ():
                catalog.relations.pop((index.schema, index.name), None)
        elif isinstance(entity, Index):
            catalog.relations.pop((entity.schema, entity.name), None)
            if entity in entity.table.indexes:
                entity.table.indexes.remove(entity)
        elif isinstance(entity, Function | Generic):
            group = catalog.functions.get((entity.schema, entity.name), [])
            if entity in group:
                group.remove(entity)
        elif isinstance(entity, Type):
            catalog.types.pop((entity.schema, entity.name), None)
        elif entity.kind == "schema":
            self._schema(entity.name)
        elif entity.kind == "extension":
            catalog.extensions.pop(entity.name, None)

    def _schema(self, name: str) -> None:
        catalog = self.catalog
        catalog.schemas.pop(name, None)
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
        elif isinstance(relation, Table) and relation.rules:
            found = relation.rules.pop(name, None) is not None
        else:
            found = True
        unknown = isinstance(relation, Table) and relation.unknown_columns
        if not found and not fact.if_exists and not unknown:
            replay.conflict("missing-object", ".".join(parts), target.kind)

    def _cascade(self, entity: Any) -> None:
        """CASCADE: views go, foreign keys and triggers go, transitively."""
        catalog = self.catalog
        gone = {id(entity)}
        queue = [entity]
        while queue:
            current = queue.pop()
            for edge in catalog.edges:
                source: Any = edge.source
                if edge.target is not current or source is None or edge.late or id(source) in gone:
                    continue
                if isinstance(source, View) or (isinstance(source, Function) and source.fact.atomic):
                    gone.add(id(source))
                    self.remove(source)
                    queue.append(source)
        for relation in catalog.relations.values():
            if isinstance(relation, Table):
                relation.constraints = [
                    c
                    for c in relation.constraints
                    if not (c.kind == "foreign key" and self._points_at(c, entity))
                ]
                relation.triggers = [t for t in relation.triggers if not _runs(t.function, entity)]

    def _points_at(self, constraint: Any, entity: Any) -> bool:
        fact = constraint.fact
        return (
            isinstance(entity, Table)
            and fact.target == entity.name
            and fact.target_schema in ("", entity.schema)
        )


def _runs(function: Function | None, entity: Any) -> bool:
    """Whether it is that function, or one that CREATE OR REPLACE put in its place."""
    return (
        function is not None
        and isinstance(entity, Function)
        and (function.schema, function.name, function.signature)
        == (entity.schema, entity.name, entity.signature)
    )


_KNOWN = frozenset(
    {"table", "view", "materialized view", "sequence", "function", "procedure", "type", "domain"}
)
