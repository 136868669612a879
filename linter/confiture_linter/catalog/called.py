"""Which of several functions of one name a call means, where the number of arguments does not tell.

Manual, chapter 10.3 "Functions". Asked at the end of a replay, of the few calls that may mean several.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from confiture_linter.catalog.catalog import Catalog, Edge, SourceStatement
from confiture_linter.catalog.entities import Entity, Function, Table, View
from confiture_linter.catalog.kinds import Kind
from confiture_linter.catalog.output_types import OutputTypes, Types
from confiture_linter.catalog.overloads import Chosen
from confiture_linter.catalog.shape import Shapes, apart
from confiture_linter.catalog.term_types import Scope
from confiture_linter.statements.facts import (
    Body,
    Call,
    ColumnUse,
    CreateFunction,
    CreateView,
    Expression,
    Query,
    Source,
    TypeName,
)

_Frames = tuple[list[tuple[Source, Types]], ...]


class TypedCall(NamedTuple):
    """A call, what it means, and the types of its arguments as far as they are known."""

    call: Call
    chosen: Chosen
    given: tuple[Kind | None, ...]


def settle_calls(catalog: Catalog) -> None:
    """Let the edges of such calls lead to the function that is meant, as far as the types are known."""
    several = {key for key, group in catalog.functions.items() if _alike(group)}
    types: CallTypes | None = None
    for number, edge in enumerate(catalog.edges if several else ()):
        target = edge.target
        if isinstance(target, Function) and (target.schema, target.name) in several:
            types = types or CallTypes(catalog)
            found = types.behind(edge)
            candidate = found.chosen.candidate if found is not None else None
            meant = candidate.function if candidate is not None else None
            if meant is not None and meant is not target and meant.name == target.name:
                catalog.edges[number] = edge._replace(target=meant)


def _alike(group: Iterable[Entity]) -> bool:
    """Whether two functions take the same number of arguments."""
    counts: set[int] = set()
    for function in group:
        if isinstance(function, Function):
            inputs = function.fact.inputs
            taken = range(sum(not argument.default for argument in inputs), len(inputs) + 1)
            if not counts.isdisjoint(taken) or any(argument.mode == "v" for argument in inputs):
                return True
            counts.update(taken)
    return False


class CallTypes(OutputTypes):
    """Works the types of arguments out, statement by statement."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog, Shapes(catalog))
        self._statements: dict[tuple[int, int], dict[int, TypedCall]] = {}
        self.parameters: dict[str, TypeName] = {}
        """Of the function whose body is looked at."""

    def behind(self, edge: Edge) -> TypedCall | None:
        """The call that makes an edge; None if it is none, or its arguments were not read."""
        if edge.ref.kind != "function" or edge.ref.arguments < 1:
            return None
        key = id(edge.where.statement), id(edge.source)
        known = self._statements.get(key)
        if known is None:
            found = self._calls(edge.where, edge.source) if _has_calls(edge.where) else ()
            known = self._statements[key] = {each.call.at: each for each in found}
        return known.get(edge.ref.at)

    def column(self, use: ColumnUse, frames: _Frames) -> TypeName | None:
        """The type of a column, or of a parameter."""
        found = super().column(use, frames)
        return found if found is not None or use.qualifier else self.parameters.get(use.name)

    def _calls(self, where: SourceStatement, source: Entity | None) -> Iterator[TypedCall]:
        fact = where.statement.fact
        self.parameters = {}
        if isinstance(source, Function):
            self.parameters = {each.name: each.type for each in source.fact.inputs if each.name}
        table = source if isinstance(source, Table) else getattr(source, "table", None)
        rows = self._rows(table) if isinstance(table, Table | View) else []
        body = getattr(fact, "body", None)
        for query in (*where.statement.queries, *(body.queries if body is not None else ())):
            yield from self._in_query(query, {}, ())
        for expression in _expressions(fact):
            yield from self._chosen(expression.calls, self._of_row(rows))
            for query in expression.queries:
                yield from self._in_query(query, {}, (rows,))

    def _rows(self, table: Table | View) -> list[tuple[Source, Types]]:
        """The row that conditions, defaults and the like are about."""
        names = (table.name, "new", "old", "excluded")
        types = self.relation(table)
        return [(Source("relation", name, table.schema, table.name, -1), types) for name in names]

    def _of_row(self, rows: list[tuple[Source, Types]]) -> Scope:
        return Scope(lambda use: self.column(use, (rows,)), lambda _: None, self.relation)

    def _in_query(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> Iterator[TypedCall]:
        ctes = self.bound(query, ctes, outer)
        frames = outer if query.command == "union" else (self.frame(query, ctes, outer), *outer)
        yield from self._chosen(query.calls, self._scope(query, ctes, frames))
        alone = apart(query)
        for number, child in enumerate(query.children):
            yield from self._in_query(child, ctes, outer if number in alone else frames)

    def _chosen(self, calls: Iterable[Call], scope: Scope) -> Iterator[TypedCall]:
        for call in calls:
            found = self.terms.chosen(call.term, scope) if call.term.kind == "call" else None
            if found is not None:
                yield TypedCall(call, found, self.terms.given(call.term, scope))


def _has_calls(where: SourceStatement) -> bool:
    """Whether any call in a statement was noted."""
    body = getattr(where.statement.fact, "body", None)
    queue = [*where.statement.queries, *(body.queries if body is not None else ())]
    for expression in _expressions(where.statement.fact):
        if expression.calls:
            return True
        queue += expression.queries
    while queue:
        query = queue.pop()
        if query.calls:
            return True
        queue += query.children
    return False


def _expressions(value: Any) -> Iterator[Expression]:
    """Every expression in a fact; views and functions have none outside their queries."""
    if isinstance(value, CreateFunction | CreateView):
        return
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple) and not isinstance(value, Query | Body):
        for item in value:
            if isinstance(item, tuple):
                yield from _expressions(item)


__all__ = ["CallTypes", "TypedCall", "settle_calls"]
