"""Lineage of what queries pass on unchanged, read from their facts: no parser is asked, so it costs nothing.

Every method returns None where the facts do not decide.
"""

from typing import TYPE_CHECKING, NamedTuple

from confiture_linter.catalog import Table, View
from confiture_linter.graph.lineage_values import Derivation, Place, Step
from confiture_linter.statements.facts import ColumnUse, Query, Source

if TYPE_CHECKING:
    from confiture_linter.graph.lineage import Filling, Tracer


class _With(NamedTuple):
    """A CTE: its query, the names given to its columns, and the CTEs that it sees."""

    query: Query
    columns: tuple[str, ...]
    scope: "_Scope"


_Scope = dict[str, _With]


class Facts:
    """Follows names through the facts of one catalog."""

    def __init__(self, tracer: "Tracer") -> None:
        self.tracer = tracer

    def view(self, view: View, column: str) -> Step | None:
        """A column of a view."""
        shape = self.tracer.shapes.view(view)
        if view.query is None or shape is None or shape.count(column) != 1:
            return None
        return self._output(view.query, shape.index(column), {}, view.path)

    def output(self, query: Query, position: int, path: str) -> Step | None:
        """An output of a query that stands by itself."""
        return self._output(query, position, {}, path)

    def filling(self, filling: "Filling", table: Table, column: str) -> Step | None:
        """What a query puts into a column of a table."""
        query = filling.query
        position = position_of(filling, table, column)
        if query.command == "insert":
            if query.bound or position is None:
                return None
            query = query.children[query.insert_query]
        step = None if position is None else self._output(query, position, {}, filling.where.path)
        return None if step is None else step._replace(relation=filling.writer, column=column)

    def _output(self, query: Query, position: int, outer: _Scope, path: str) -> Step | None:
        scope = self._bound(query, outer)
        if query.command != "select" or query.target is not None:
            return None
        index = 0
        for output in query.outputs:
            use = output.column
            if use is not None and use.name == "*":
                for source in query.sources:
                    if use.qualifier and source.alias != use.qualifier:
                        continue
                    names = None if query.using or query.natural else self._names(source, query, scope)
                    if names is None:
                        return None
                    if position < index + len(names):
                        return self._passed(source, names[position - index], query, scope, path, output.at)
                    index += len(names)
            elif index == position:
                if use is None or output.type is not None:
                    return None
                step = self._named(use, query, scope, path, output.at)
                return None if step is None else step._replace(column=output.name)
            else:
                index += 1
        return None

    def _bound(self, query: Query, outer: _Scope) -> _Scope:
        scope = dict(outer)
        for index, name in enumerate(query.bound):
            given = query.bound_columns[index] if index < len(query.bound_columns) else ()
            scope[name] = _With(query.children[index], given, dict(scope))
            scope[name].scope.pop(name, None)  # what a recursive query names itself is not followed
        return scope

    def _names(self, source: Source, query: Query, scope: _Scope) -> tuple[str, ...] | None:
        shape: tuple[str, ...] | None = None
        if source.kind == "relation":
            relation = self.tracer.relation(source.schema, source.name)
            shape = None if relation is None else self.tracer.shapes.relation(relation)
        elif source.kind == "cte" and source.name in scope:
            found = scope[source.name]
            shape = self._shape(found.query, found.scope)
            shape = None if shape is None else (*found.columns, *shape[len(found.columns) :])
        elif source.kind == "query" and 0 <= source.query < len(query.children):
            shape = self._shape(query.children[source.query], scope)
        return None if shape is None else (*source.columns, *shape[len(source.columns) :])

    def _shape(self, query: Query, scope: _Scope) -> tuple[str, ...] | None:
        ctes = {
            name: None if w.scope is scope else self._shape(w.query, w.scope) for name, w in scope.items()
        }
        for name, found in scope.items():
            shape = ctes[name]
            if shape is not None:
                ctes[name] = (*found.columns, *shape[len(found.columns) :])
        return self.tracer.shapes.query(query, ctes)

    def _named(self, use: ColumnUse, query: Query, scope: _Scope, path: str, at: int) -> Step | None:
        if use.qualifier:
            matching = [source for source in query.sources if source.alias == use.qualifier]
            if len(matching) != 1 or query.natural or use.name in query.using:
                return None
            return self._passed(matching[0], use.name, query, scope, path, at)
        if query.using or query.natural:
            return None
        shapes = [(source, self._names(source, query, scope)) for source in query.sources]
        holders = [source for source, names in shapes if names is not None and use.name in names]
        if len(holders) != 1 or any(names is None for _, names in shapes):
            return None
        return self._passed(holders[0], use.name, query, scope, path, at)

    def _passed(
        self, source: Source, name: str, query: Query, scope: _Scope, path: str, at: int
    ) -> Step | None:
        names = self._names(source, query, scope)
        if names is None or names.count(name) != 1:
            return None
        position = names.index(name)
        place = self.tracer.place(path, at)
        if source.kind == "relation":
            relation = self.tracer.relation(source.schema, source.name)
            shape = None if relation is None else self.tracer.shapes.relation(relation)
            if relation is None or shape is None:
                return None
            return _identity(name, place, self.tracer.source(relation, shape[position]))
        if source.kind == "cte":
            found = scope[source.name]
            inner = self._output(found.query, position, found.scope, path)
            label = f"with:{source.name}"
        else:
            inner = self._output(query.children[source.query], position, scope, path)
            label = f"query:{source.alias}"
        if inner is None:
            return None
        return _identity(name, place, inner._replace(relation=label, column=name))


def _identity(name: str, place: Place, source: Step) -> Step:
    return Step("", name, Derivation.IDENTITY, *place, sources=(source,))


def position_of(filling: "Filling", table: Table, column: str) -> int | None:
    """Which output of the query goes into a column of the table."""
    query = filling.query
    if query.command != "insert" or not query.target_columns:
        names = tuple(table.columns)
    else:
        names = tuple(use.name for use in query.target_columns)
    return names.index(column) if column in names else None
