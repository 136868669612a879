"""What every mention in the tree was resolved to, by the place at which it stands."""

from typing import Any, NamedTuple

from confiture_linter.catalog import Catalog, Edge, Table, View
from confiture_linter.catalog.entities import Entity, Extension, Function, Generic, Index, Named
from confiture_linter.catalog.entities import Sequence as SequenceEntity
from confiture_linter.graph.order import extension_edges
from confiture_linter.statements.facts import CreateOther, Ref, TypeName


class Mentioned(NamedTuple):
    """One mention and the object it means, as that object is in the end."""

    target: Named
    ref: Ref
    path: str
    late: bool


class Mentions:
    """Finds the target of a mention again: entities keep what they name, the catalog what it resolved to."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._by_place: dict[tuple[str, str, str, int], Mentioned] = {}
        self._anywhere: dict[tuple[str, str, int], Mentioned] = {}
        for edge in catalog.edges:
            target = living(catalog, edge.target)
            if target is not None:
                self._keep(Mentioned(target, edge.ref, edge.where.path, edge.late))
        for edge in extension_edges(catalog):
            if isinstance(edge.target, Extension):
                self._keep(Mentioned(edge.target, edge.ref, edge.where.path, edge.late))

    def _keep(self, found: Mentioned) -> None:
        ref = found.ref
        self._by_place.setdefault((found.path, ref.kind, ref.name, ref.at), found)
        self._anywhere.setdefault((ref.kind, ref.name, ref.at), found)

    def of(self, ref: Ref, path: str) -> Mentioned | None:
        """What `ref` means; a definition that was copied is looked up where it was written."""
        found = self._by_place.get((path, ref.kind, ref.name, ref.at))
        return found or self._anywhere.get((ref.kind, ref.name, ref.at))

    def of_type(self, written: TypeName, path: str) -> Mentioned | None:
        """What the type of a column means: found by its name where that has been resolved, else by its place."""
        if written.schema not in ("", "pg_catalog") and not written.percent_type:
            found: Named | None = self.catalog.type(written.schema, written.name)
            if found is None:
                found = self.catalog.relation(written.schema, written.name)
            if found is not None:
                return Mentioned(
                    found, Ref("type", written.schema, written.name, written.at, "type"), path, False
                )
        return self.of(Ref("type", written.schema, written.name, written.at, "type"), path)


def is_installed(catalog: Catalog, hint: str) -> bool:
    """Whether a hint names an extension that the tree installs."""
    names = hint.removeprefix("extension ").split(" or ")
    return hint.startswith("extension ") and any(name in catalog.extensions for name in names)


def living(catalog: Catalog, entity: Entity) -> Named | None:
    """The object as it is in the end: itself, or what replaced it; None if it is gone."""
    if isinstance(entity, Table | View | SequenceEntity | Index):
        found: Any = catalog.relations.get((entity.schema, entity.name))
        return None if isinstance(found, Table) and found.temporary else found
    if isinstance(entity, Function | Generic) and (
        isinstance(entity, Function) or entity.what == "aggregate"
    ):
        group = catalog.functions.get((entity.schema, entity.name), [])
        same = [item for item in group if item is entity or item.signature == entity.signature]
        return same[0] if same else None
    if isinstance(entity, Generic):
        return entity if any(other is entity for other in catalog.others) else None
    if isinstance(entity, Extension):
        return entity
    if isinstance(entity, Named):
        if entity.kind == "schema":
            return catalog.schemas.get(entity.name)
        return catalog.types.get((entity.schema, entity.name))
    return None


def is_current(catalog: Catalog, entity: Entity | None) -> bool:
    """Whether a mention by this object still counts: it was neither dropped nor replaced."""
    return entity is not None and living(catalog, entity) is entity


def is_rule(edge: Edge) -> bool:
    """Whether the mention stands in a CREATE RULE."""
    fact = edge.where.statement.fact
    return type(fact) is CreateOther and fact.kind == "rule"
