"""Calls of the tree's own functions that none of them can take, by the types of the arguments."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Function, Shapes, View
from confiture_linter.catalog.kinds import Kind
from confiture_linter.catalog.output_types import OutputTypes
from confiture_linter.catalog.overloads import Chosen
from confiture_linter.catalog.term_types import Scope, TermTypes
from confiture_linter.statements.facts import Query, Ref, Term


class RefusedCall(NamedTuple):
    """A call, and what it gives."""

    entity: View | Function
    ref: Ref
    given: tuple[Kind, ...]


class _Terms(TermTypes):
    """Notes the calls that are refused, and whose arguments are all known."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self.refused: dict[tuple[str, str, int], tuple[Kind, ...]] = {}

    def chosen(self, term: Term, scope: Scope) -> Chosen | None:
        """Which function a call means."""
        found = super().chosen(term, scope)
        if found is not None and found.refused and term.kind == "call":
            kinds = [self._kind(self.of(part, scope)) for part in term.parts]
            known = tuple(kind for kind in kinds if kind is not None)
            if len(known) == len(kinds):
                self.refused[term.schema, term.name, len(kinds)] = known
        return found


def refused_calls(catalog: Catalog) -> Iterator[RefusedCall]:
    """Those in views, and in the bodies of functions."""
    types = OutputTypes(catalog, Shapes(catalog))
    types.terms = terms = _Terms(catalog)
    for view in catalog.relations.values():
        if isinstance(view, View) and view.query is not None:
            yield from _of(view, [view.query], view.statement.refs, types, terms)
    for group in catalog.functions.values():
        for function in group:
            body = function.fact.body if isinstance(function, Function) else None
            if body is not None and isinstance(function, Function):
                yield from _of(function, body.queries, body.refs, types, terms)


def _of(
    entity: View | Function, queries: Iterable[Query], refs: Iterable[Ref], types: OutputTypes, terms: _Terms
) -> Iterator[RefusedCall]:
    own_calls = [r for r in refs if r.kind == "function" and types.catalog.overloads(r.schema, r.name)]
    terms.refused.clear()
    for query in queries if own_calls else ():
        types.query(query, {}, ())
        if query.evaluated:
            scope = types.scope(query)
            for term in query.evaluated:
                terms.of(term, scope)
    for (schema, name, count), given in terms.refused.items():
        own = types.catalog.overloads(schema, name)
        if own and any(isinstance(f, Function) and f.accepts(count) for f in own):
            for ref in own_calls:
                if (ref.schema, ref.name, ref.arguments) == (schema, name, count):
                    yield RefusedCall(entity, ref, given)
                    break


__all__ = ["RefusedCall", "refused_calls"]
