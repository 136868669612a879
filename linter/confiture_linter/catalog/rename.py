"""ALTER … RENAME and SET SCHEMA: new names, and what follows them."""

from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.catalog import Edge, Relation
from confiture_linter.catalog.entities import (
    Constraint,
    Entity,
    Function,
    Generic,
    Index,
    Policy,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
)
from confiture_linter.catalog.retype import renamed_type, renamed_uses
from confiture_linter.catalog.view_columns import rename_view_column, settle_stars
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Rename:
    """Renames and moves objects; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        self.replay = replay
        self.catalog = replay.catalog

    def rename(self, fact: f.Rename) -> Entity | None:
        """ALTER … RENAME."""
        replay, catalog = self.replay, self.catalog
        kind = fact.kind
        if kind in _PARTS:
            return self._rename_part(fact)
        entity: Any = replay.find(fact.target)
        if entity is None and kind in ("index", "table") and fact.target.parts:
            schema = fact.target.parts[-2] if len(fact.target.parts) > 1 else ""
            held = self._index_constraint(schema, fact.target.parts[-1])
            if held is not None:
                self._rename_constraint(held, fact.new)
                return held.table
        if entity is None:
            if kind in ("table", "view", "materialized view") and not fact.if_exists and fact.target.parts:
                schema = fact.target.parts[-2] if len(fact.target.parts) > 1 else ""
                replay.table(schema, fact.target.parts[-1], fact.target.at)
            return None
        self._hold_on(entity)
        taken = self._taken(entity, fact.new)
        if taken is not None:
            replay.conflict("duplicate-object", f"{entity.schema}.{fact.new}".lstrip("."), kind, first=taken)
            return entity if isinstance(entity, Entity) else None
        if isinstance(entity, Table | View | Sequence | Index):
            if isinstance(entity, Table | View):
                renamed_type(catalog, entity, entity.schema, fact.new)
            catalog.relations.pop((entity.schema, entity.name), None)
            entity.name = fact.new
            catalog.ever.add((entity.schema, fact.new))
            catalog.relations[entity.schema, fact.new] = entity
        elif isinstance(entity, Generic) and entity.what != "aggregate":
            entity.name = fact.new
        elif isinstance(entity, Function | Generic):
            catalog.functions[entity.schema, entity.name].remove(entity)
            entity.name = fact.new
            catalog.functions.setdefault((entity.schema, fact.new), []).append(entity)
        elif isinstance(entity, Type):
            renamed_type(catalog, entity, entity.schema, fact.new)
            catalog.types.pop((entity.schema, entity.name), None)
            entity.name = fact.new
            catalog.types[entity.schema, fact.new] = entity
            catalog.ever.add((entity.schema, fact.new))
        elif kind == "schema":
            self._rename_schema(entity.name, fact.new)
        return entity if isinstance(entity, Entity) else None

    def _hold_on(self, entity: Any) -> None:
        """Queries that PostgreSQL has parsed already mean the same object under its new name."""
        inside: list[Any] = [entity]
        if getattr(entity, "kind", "") == "schema":
            inside = [r for r in self.catalog.relations.values() if r.schema == entity.name]
            inside += [
                f for (schema, _), g in self.catalog.functions.items() if schema == entity.name for f in g
            ]
        meant = {id(item): item for item in inside if isinstance(item, Table | View | Sequence | Function)}
        for edge in self.catalog.edges if meant else ():
            if id(edge.target) in meant and not edge.late:
                self._hold_in(edge, meant[id(edge.target)])

    def _hold_in(self, edge: Edge, target: Relation | Function) -> None:
        statement, ref = edge.where.statement, edge.ref
        queries = list(statement.queries)
        fact = statement.fact
        if type(fact) is f.CreateFunction and fact.atomic and fact.body is not None:
            queries += fact.body.queries
        elif type(fact) is f.CreatePolicy:
            queries += (q for e in (fact.using, fact.check) if e is not None for q in e.queries)
        elif type(fact) is not f.CreateView and type(fact) is not f.CreateOther:
            return
        for query in queries:
            queries += query.children
            for source in query.sources:
                if source.name == ref.name and source.at == ref.at:
                    self.catalog.moved[id(source)] = target

    def _taken(self, entity: Any, name: str) -> Entity | None:
        """What already bears the name that an object is to get."""
        catalog = self.catalog
        if isinstance(entity, Table | View | Sequence | Index):
            found: Entity | None = catalog.relations.get((entity.schema, name))
            if found is None:
                found = self.replay.relations.names.constraint(entity.schema, name, indexed=True)
            return found
        if isinstance(entity, Function | Generic):
            group = catalog.functions.get((entity.schema, name), ())
            return next((other for other in group if other.signature == entity.signature), None)
        if isinstance(entity, Type):
            return catalog.types.get((entity.schema, name))
        return catalog.schemas.get(name) if entity.kind == "schema" else None

    def _index_constraint(self, schema: str, name: str) -> Constraint | None:
        """The constraint whose index is called `name`."""
        for home in (schema,) if schema else self.catalog.search_path:
            found = self.replay.relations.names.constraint(home, name, indexed=True)
            if found is not None:
                return found
        return None

    def _rename_constraint(self, constraint: Constraint, new: str) -> None:
        constraint.name = new
        self.replay.relations.names.note(constraint)

    def _rename_part(self, fact: f.Rename) -> Entity | None:
        names = fact.target.parts
        schema, name = (names[-2] if len(names) > 1 else ""), names[-1] if names else ""
        if fact.kind == "domain constraint":
            domain = self.catalog.type(schema, name)
            for number, constraint in enumerate(domain.constraints if domain is not None else ()):
                if domain is not None and constraint.name == fact.part:
                    domain.constraints[number] = constraint._replace(name=fact.new)
            return domain
        if fact.kind == "attribute":
            composite = self.catalog.type(schema, name)
            if composite is not None and fact.new in composite.attributes:
                self.replay.conflict(
                    "duplicate-object", f"{composite.identity}.{fact.new}", "attribute", first=composite
                )
            elif composite is not None and fact.part in composite.attributes:
                settle_stars(self.catalog)
                composite.attributes = {
                    (fact.new if n == fact.part else n): a._replace(name=fact.new) if n == fact.part else a
                    for n, a in composite.attributes.items()
                }
            return composite
        relation = self.catalog.relation(schema, name)
        if not isinstance(relation, Table):
            if relation is None and not fact.if_exists and name not in self.catalog.temporary:
                self.replay.table(schema, name, fact.target.at)
            if isinstance(relation, View) and fact.kind == "column":
                rename_view_column(self.catalog, relation, fact.part, fact.new)
            elif isinstance(relation, View):
                self._rename_on(relation, fact)
            return relation
        if fact.kind == "column":
            self._rename_column(relation, fact.part, fact.new)
        else:
            self._rename_on(relation, fact)
        return relation

    def _rename_on(self, relation: Table | View, fact: f.Rename) -> None:
        """A constraint, trigger, policy or rule of a relation."""
        if fact.kind == "rule" and fact.part in relation.rules:
            relation.rules[fact.new] = relation.rules.pop(fact.part)
        parts: list[Trigger | Policy] = []
        if fact.kind == "table constraint" and isinstance(relation, Table):
            for constraint in [c for c in relation.constraints if c.name == fact.part]:
                self._rename_constraint(constraint, fact.new)
        elif fact.kind == "trigger":
            parts += relation.triggers
        elif fact.kind == "policy":
            parts += relation.policies
        for part in parts:
            if part.name == fact.part:
                part.name = fact.new

    def _rename_column(self, table: Table, old: str, new: str) -> None:
        column = table.columns.get(old)
        if column is None:
            if not table.unknown_columns:
                self.replay.conflict("missing-column", f"{table.identity}.{old}", "rename", first=table)
            return
        if new in table.columns:
            self.replay.conflict(
                "duplicate-object", f"{table.identity}.{new}", "column", first=table.columns[new]
            )
            return
        settle_stars(self.catalog)
        self.catalog.former_columns.add(old)
        for owner in table.family():
            held = owner.columns.get(old)
            if held is None:
                continue
            held.name = new
            owner.columns = {(new if n == old else n): c for n, c in owner.columns.items()}
            for constraint in owner.constraints:
                constraint.columns = _renamed(constraint.columns, old, new)
                constraint.fact = constraint.fact._replace(
                    expression=renamed_uses(constraint.fact.expression, old, new)
                )
            for other in self.catalog.others:
                if other.relation is owner:
                    other.columns = _renamed(other.columns, old, new)
            for index in owner.indexes:
                index.columns = _renamed(index.columns, old, new)
                index.include = _renamed(index.include, old, new)
                index.predicate = renamed_uses(index.predicate, old, new)
                index.fact = index.fact._replace(
                    columns=tuple(
                        c._replace(
                            name=new if c.name == old else c.name,
                            expression=renamed_uses(c.expression, old, new),
                        )
                        for c in index.fact.columns
                    )
                )
        for relation in self._referencing(table):
            for key in relation.constraints:
                if key.kind == "foreign key" and key.target is table:
                    key.fact = key.fact._replace(target_columns=_renamed(key.fact.target_columns, old, new))

    def _referencing(self, table: Table) -> list[Table]:
        return [
            relation
            for relation in self.catalog.relations.values()
            if isinstance(relation, Table) and any(c.target is table for c in relation.constraints)
        ]

    def _rename_schema(self, old: str, new: str) -> None:
        catalog = self.catalog
        for found in [t for t in catalog.types.values() if t.schema == old]:
            renamed_type(catalog, found, new, found.name)
        entity = catalog.schemas.pop(old)
        entity.name = new
        catalog.schemas[new] = entity
        for other in catalog.others:
            if other.schema == old:
                other.schema = new
        for store in (catalog.relations, catalog.functions, catalog.types):
            moved: Any = store
            for key in [k for k in moved if k[0] == old]:
                value = moved.pop(key)
                moved[new, key[1]] = value
                for item in value if isinstance(value, list) else [value]:
                    item.schema = new
                    for constraint in item.constraints if isinstance(item, Table) else ():
                        self.replay.relations.names.note(constraint)

    def set_schema(self, fact: f.SetSchema) -> Entity | None:
        """ALTER … SET SCHEMA."""
        catalog = self.catalog
        entity: Any = self.replay.find(fact.target)
        self._hold_on(entity)
        if isinstance(entity, Table | View | Sequence):
            if isinstance(entity, Table | View):
                renamed_type(catalog, entity, fact.schema, entity.name)
            catalog.relations.pop((entity.schema, entity.name), None)
            entity.schema = fact.schema
            catalog.relations[fact.schema, entity.name] = entity
            for index in getattr(entity, "indexes", ()):
                catalog.relations.pop((index.schema, index.name), None)
                index.schema = fact.schema
                catalog.relations[fact.schema, index.name] = index
            if isinstance(entity, Table):
                self._bring_along(entity)
        elif isinstance(entity, Generic) and entity.what != "aggregate":
            entity.schema = fact.schema
        elif isinstance(entity, Function | Generic):
            catalog.functions[entity.schema, entity.name].remove(entity)
            entity.schema = fact.schema
            catalog.functions.setdefault((fact.schema, entity.name), []).append(entity)
        elif isinstance(entity, Type):
            renamed_type(catalog, entity, fact.schema, entity.name)
            catalog.types.pop((entity.schema, entity.name), None)
            entity.schema = fact.schema
            catalog.types[fact.schema, entity.name] = entity
        return entity if isinstance(entity, Entity) else None

    def _bring_along(self, table: Table) -> None:
        """Constraints and the sequences of its columns go with a table to its new schema."""
        catalog = self.catalog
        for constraint in table.constraints:
            self.replay.relations.names.note(constraint)
        for relation in list(catalog.relations.values()):
            if (
                isinstance(relation, Sequence)
                and relation.owned_by is not None
                and relation.owned_by.table is table
            ):
                catalog.relations.pop((relation.schema, relation.name), None)
                relation.schema = table.schema
                catalog.relations[table.schema, relation.name] = relation


_PARTS = frozenset(
    {"column", "table constraint", "domain constraint", "trigger", "policy", "rule", "attribute"}
)
"""What is renamed inside another object."""


def _renamed(columns: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if column == old else column for column in columns)
