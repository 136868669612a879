"""Which types the columns of a query have, as far as tables, functions and casts say so without evaluating."""

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Function, Index, Sequence, Table, View
from confiture_linter.catalog.shape import Shapes
from confiture_linter.statements.facts import ColumnUse, Output, Query, Source, TypeName

Types = dict[str, TypeName]
"""Types by column name; a column whose type is not known is left out."""
_DEEPEST_DOMAIN = 16
_Frames = tuple[list[tuple[Source, Types]], ...]


class OutputTypes:
    """Answers for relations and queries; remembers every view it was asked about."""

    def __init__(self, catalog: Catalog, shapes: Shapes) -> None:
        self.catalog = catalog
        self.shapes = shapes
        self._views: dict[str, Types] = {}

    def relation(self, relation: Table | View | Sequence | Index | None) -> Types:
        """The types of a relation's columns."""
        if isinstance(relation, Table):
            return {name: column.type for name, column in relation.columns.items() if column.type.name}
        if not isinstance(relation, View):
            return {}
        known = self._views.get(relation.id)
        if known is None:
            self._views[relation.id] = {}
            query = relation.query
            known = self._views[relation.id] = self._view(relation, query) if query is not None else {}
        return known

    def _view(self, view: View, query: Query) -> Types:
        found = self.query(query, {}, ())
        shape = self.shapes.view(view)
        written = self.shapes.query(query, {}) if view.fact.columns else shape
        if shape is None or written is None:
            return found if not view.fact.columns else {}
        if not view.fact.columns:  # what `*` did not stand for when the view was made is none of its columns
            return {name: kind for name, kind in found.items() if name in shape}
        return {name: found[old] for name, old in zip(shape, written, strict=False) if old in found}

    def query(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> Types:
        """The types of what a query returns."""
        ctes = self.bound(query, ctes, outer)
        if query.command == "union":
            branches = [self.query(child, ctes, outer) for child in query.children[len(query.bound) :]]
            return self._united(query, branches, ctes)
        frames = (self.frame(query, ctes, outer), *outer)
        found: Types = {}
        for output in query.returning if query.target is not None else query.outputs:
            column = output.column
            if column is not None and column.name == "*":
                for source, types in frames[0]:
                    if column.qualifier in ("", source.alias):
                        found |= {name: kind for name, kind in types.items() if name not in found}
                continue
            kind = self._output(output, query, ctes, frames)
            if kind is not None:
                found.setdefault(output.name, kind)
        return found

    def _united(self, query: Query, branches: list[Types], ctes: dict[str, Types]) -> Types:
        """Types of UNION and its kin: column by column, those of all branches."""
        if not branches:
            return {}
        shapes: list[tuple[str, ...] | None] = [
            self.shapes.query(child, dict.fromkeys(ctes)) for child in query.children[len(query.bound) :]
        ]
        names = shapes[0] or ()
        found: Types = {}
        for place, name in enumerate(names):
            kinds = [
                types.get(shape[place]) if shape is not None and place < len(shape) else None
                for shape, types in zip(shapes, branches, strict=True)
            ]
            kind = self._common(kinds, "")
            if kind is not None:
                found[name] = kind
        return found or branches[0]

    def bound(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> dict[str, Types]:
        """`ctes` with the WITH queries of `query` itself added."""
        if not query.bound:
            return ctes
        inner = dict(ctes)
        for index, name in enumerate(query.bound):
            inner[name] = {}
            if index < len(query.children):
                types = self.query(query.children[index], inner, outer)
                given = query.bound_columns[index] if index < len(query.bound_columns) else ()
                inner[name] = self._renamed(types, given, self.shapes.query(query.children[index], {}))
        return inner

    def frame(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> list[tuple[Source, Types]]:
        """The items of FROM, and the target, with the types of their columns."""
        sources = [query.target, *query.sources] if query.target is not None else [*query.sources]
        found: list[tuple[Source, Types]] = []
        for source in sources:
            found.append((source, self._source(source, query, ctes, (found, *outer))))
        return found

    def _source(self, source: Source, query: Query, ctes: dict[str, Types], outer: _Frames) -> Types:
        types: Types = {}
        if source.kind == "relation":
            types = self.relation(self.shapes.named(source))
        elif source.kind == "cte":
            types = ctes.get(source.name, {})
        elif source.kind == "query" and 0 <= source.query < len(query.children):
            types = self.query(query.children[source.query], ctes, outer)
        elif source.kind == "function":
            types = {n: kind for n, kind in self.shapes.function_columns(source) or () if kind.name}
        if source.columns:
            return self._renamed(
                types, source.columns, self.shapes.source(source._replace(columns=()), query, {})
            )
        return types

    def _renamed(self, types: Types, given: tuple[str, ...], shape: tuple[str, ...] | None) -> Types:
        if not given:
            return types
        if shape is None:
            return {}
        names = (*given, *shape[len(given) :])
        return {new: types[old] for new, old in zip(names, shape, strict=False) if old in types}

    def _output(
        self, output: Output, query: Query, ctes: dict[str, Types], frames: _Frames
    ) -> TypeName | None:
        if output.type is not None:
            return self.catalog.resolved_type(output.type)
        if output.column is not None:
            return self.column(output.column, frames)
        if output.like:
            return self._common([self.column(use, frames) for use in output.like], output.form)
        if output.call is not None:
            return self._called(*output.call)
        if 0 <= output.child < len(query.children):
            types = self.query(query.children[output.child], ctes, frames)
            return (
                next(iter(types.values()), None) if len(query.children[output.child].outputs) == 1 else None
            )
        return None

    def column(self, use: ColumnUse, frames: _Frames) -> TypeName | None:
        """The type of a column as a query names it."""
        for frame in frames:
            for source, types in frame:
                if use.qualifier in ("", source.alias) and use.name in types:
                    return types[use.name]
        return None

    def _common(self, kinds: list[TypeName | None], form: str) -> TypeName | None:
        """The type that several columns agree on (parse_coerce.c, select_common_type).

        A domain stays one only where nothing else takes part.
        """
        first = next((kind for kind in kinds if kind is not None), None)
        if first is None:
            return None
        same = all(
            kind is not None and (kind.schema, kind.name) == (first.schema, first.name) for kind in kinds
        )
        if form in ("base", "mixed") or not same:
            first = self.base(first)
        if form or any(kind is None or kind.modifiers != first.modifiers for kind in kinds):
            first = first._replace(modifiers=())  # a function's result has none, nor has what differs
        if form == "base" and first.name == "varchar":
            first = first._replace(name="text", schema="")  # max and min take it for text
        return first._replace(array=True) if form == "array" else first

    def base(self, kind: TypeName) -> TypeName:
        """The type under a domain."""
        for _ in range(_DEEPEST_DOMAIN):
            domain = self.catalog.type(kind.schema, kind.name, self.catalog.default_path)
            if domain is None or domain.form != "domain" or domain.base is None:
                break
            kind = domain.base
        return kind

    def _called(self, schema: str, name: str, count: int) -> TypeName | None:
        for function in self.catalog.overloads(schema, name, self.catalog.default_path):
            if isinstance(function, Function) and function.accepts(count):
                return function.fact.returns
        return None
