"""Calls of the tree's own functions that none of them can take, by the types of the arguments."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Edge, Function, View
from confiture_linter.catalog.called import CallTypes, TypedCall
from confiture_linter.catalog.kinds import Kind
from confiture_linter.graph.mentioned import all_refs


class RefusedCall(NamedTuple):
    """A call, by whom, and what it gives."""

    entity: View | Function
    edge: Edge
    given: tuple[Kind, ...]


def refused_calls(catalog: Catalog) -> Iterator[RefusedCall]:
    """Those in the views and functions that are left in the end, if the types of all arguments are known."""
    types = CallTypes(catalog)
    twice = {c.name.rpartition(".")[2] for c in catalog.conflicts if c.kind == "duplicate-object"}
    for edge in catalog.edges:
        source = edge.source
        if not isinstance(edge.target, Function) or not isinstance(source, View | Function):
            continue
        found = types.behind(edge) if _is_there(catalog, source) else None
        if found is None or not found.chosen.refused or not _known(types, edge, found):
            continue
        if twice.isdisjoint(ref.name for ref in all_refs(edge.where.statement)):
            yield RefusedCall(source, edge, tuple(kind for kind in found.given if kind is not None))


def _known(types: CallTypes, edge: Edge, found: TypedCall) -> bool:
    """Whether all types are known: what is given, and what the functions of the name take."""
    kinds = types.terms.kinds
    versions = types.catalog.overloads(edge.ref.schema, edge.ref.name)
    return (
        None not in found.given
        and any(isinstance(f, Function) and f.accepts(edge.ref.arguments) for f in versions)
        and all(
            isinstance(f, Function) and all(kinds.exists(kinds.of(each.type)) for each in f.fact.inputs)
            for f in versions
        )
    )


def _is_there(catalog: Catalog, entity: View | Function) -> bool:
    """Whether an object has not been replaced or dropped."""
    if isinstance(entity, Function):
        return entity in catalog.functions.get((entity.schema, entity.name), ())
    return catalog.relations.get((entity.schema, entity.name)) is entity


__all__ = ["RefusedCall", "refused_calls"]
