"""Which types the columns of a query have."""

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Index, Sequence, Table, View
from confiture_linter.catalog.kinds import BOOL, RECORD, TEXT, UNKNOWN, Kind
from confiture_linter.catalog.shape import Shape, Shapes
from confiture_linter.catalog.term_types import Scope, TermTypes
from confiture_linter.statements.facts import ColumnUse, Output, Query, Source, Term, TypeName

Types = dict[str, TypeName]
"""Types by column name; a column whose type is not known is left out."""


class _Bound(dict[str, TypeName]):
    """Those of a WITH query, some of which may not be known, and all its columns in order."""

    shape: Shape = None


_Frames = tuple[list[tuple[Source, Types]], ...]


class OutputTypes:
    """Answers for relations and queries; remembers every view it was asked about."""

    def __init__(self, catalog: Catalog, shapes: Shapes) -> None:
        self.catalog = catalog
        self.shapes = shapes
        self.terms = TermTypes(catalog)
        self._views: dict[str, Types] = {}

    def relation(self, relation: Table | View | Sequence | Index | None) -> Types:
        """The types of a relation's columns."""
        if isinstance(relation, Table):
            found = {name: column.type for name, column in relation.columns.items() if column.type.name}
            for (
                column
            ) in relation.columns.values():  # a view made before it was renamed means it by its old name
                if column.type.name:
                    found.setdefault(column.fact.name, column.type)
            return found
        if isinstance(relation, Sequence):
            return dict(_OF_SEQUENCES)
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
        """The types of what a query returns; a constant that nothing says what it is is text."""
        found = self._query(query, ctes, outer)
        return {name: TEXT.written if kind.name == UNKNOWN.name else kind for name, kind in found.items()}

    def _query(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> Types:
        ctes = self.bound(query, ctes, outer)
        if query.command == "union":
            branches = [self._query(child, ctes, outer) for child in query.children[len(query.bound) :]]
            return self._united(query, branches, ctes)
        if query.command == "values":
            return self._listed(query, ctes, outer)
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
            self.shapes.query(child, {name: getattr(bound, "shape", None) for name, bound in ctes.items()})
            for child in query.children[len(query.bound) :]
        ]
        names = shapes[0] or ()
        found: Types = {}
        for place, name in enumerate(names):
            kinds = [
                types.get(shape[place]) if shape is not None and place < len(shape) else None
                for shape, types in zip(shapes, branches, strict=True)
            ]
            kind = self.terms.common(kinds)
            if kind is not None:
                found[name] = kind
        return found

    def bound(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> dict[str, Types]:
        """`ctes` with the WITH queries of `query` itself added."""
        if not query.bound:
            return ctes
        inner = dict(ctes)
        for index, name in enumerate(query.bound):
            inner[name] = {}
            if index < len(query.children):
                bound = query.children[index]
                if bound.command == "union" and len(bound.children) > len(bound.bound):
                    # What a recursive query returns is settled by the part that does not recur.
                    inner[name] = self.query(bound.children[len(bound.bound)], inner, outer)
                types = self.query(bound, inner, outer) or inner[name]
                given = query.bound_columns[index] if index < len(query.bound_columns) else ()
                seen = {other: getattr(each, "shape", None) for other, each in inner.items()}
                shape = self.shapes.query(bound, seen)
                columns = _Bound(self._renamed(types, given, shape))
                columns.shape = None if shape is None else (*given, *shape[len(given) :])
                inner[name] = columns
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
            types = self.named(source)
        elif source.kind == "cte":
            types = ctes.get(source.name, {})
        elif source.kind == "query" and 0 <= source.query < len(query.children):
            types = self.query(query.children[source.query], ctes, outer)
        elif source.kind == "function":
            return self._function(source, query, ctes, outer)
        elif source.kind == "values" and source.types:
            return dict(zip(source.columns, map(self.catalog.resolved_type, source.types), strict=False))
        if source.columns:
            return self._renamed(
                types, source.columns, self.shapes.source(source._replace(columns=()), query, {})
            )
        return types

    def named(self, source: Source) -> Types:
        """The columns of the relation that an item of FROM names."""
        found = self.shapes.named(source)
        return self.relation(found) if found is not None else self._system(source)

    def _system(self, source: Source) -> Types:
        """The columns of a relation of `pg_catalog` or `information_schema`."""
        columns = self.catalog.builtin.relation(source.schema or "pg_catalog", source.name)
        return {column.name: self.terms.candidates.kind(column.type).written for column in columns}

    def _function(self, source: Source, query: Query, ctes: dict[str, Types], outer: _Frames) -> Types:
        """What functions in FROM return, column by column."""
        declared = self.shapes.function_columns(source) or ()
        if declared and not source.ordinality:
            types = {name: kind for name, kind in declared if kind.name}
            return self._renamed(types, source.columns, tuple(name for name, _ in declared))
        scope = self._scope(query, ctes, outer)
        kinds = [kind for call in source.terms for kind in self._returned(call, scope)]
        if source.ordinality:
            kinds.append(Kind("", "int8").written)
        names = self.shapes.source(source, query, {}) or ()
        if len(names) != len(kinds):
            return {}
        return {name: kind for name, kind in zip(names, kinds, strict=True) if kind is not None}

    def _returned(self, call: Term, scope: Scope) -> list[TypeName | None]:
        """The columns that one function in FROM has."""
        if call.name == "unnest" and len(call.parts) > 1:
            return [
                kind for part in call.parts for kind in self._returned(call._replace(parts=(part,)), scope)
            ]
        found = self.terms.of(call, scope)
        if found is None or found.name != RECORD.name:
            return [found]
        chosen = self.terms.chosen(call, scope)
        if chosen is None or chosen.candidate is None or not chosen.candidate.columns:
            return [None]
        return [kind.written for _, kind in chosen.candidate.columns]

    def _listed(self, query: Query, ctes: dict[str, Types], outer: _Frames) -> Types:
        """What VALUES returns."""
        scope = self._scope(query, ctes, outer)
        found = [(f"column{n}", self.terms.of(part, scope)) for n, part in enumerate(query.listed, 1)]
        return {name: kind for name, kind in found if kind is not None}

    def scope(self, query: Query) -> Scope:
        """Where the names in a query that stands alone are looked up."""
        ctes = self.bound(query, {}, ())
        return self._scope(query, ctes, (self.frame(query, ctes, ()),))

    def _scope(self, query: Query, ctes: dict[str, Types], frames: _Frames) -> Scope:
        return Scope(
            lambda use: self.column(use, frames),
            lambda number: self._one(query.children[number], ctes, frames),
            self.relation,
        )

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
        if output.term is None:
            return None
        return self.terms.of(output.term, self._scope(query, ctes, frames))

    def _one(self, query: Query, ctes: dict[str, Types], frames: _Frames) -> TypeName | None:
        """The type of a query's one column."""
        outputs = query.outputs
        types = self.query(query, ctes, frames)
        return types.get(outputs[0].name) if len(outputs) == 1 else None

    def column(self, use: ColumnUse, frames: _Frames) -> TypeName | None:
        """The type of a column as a query names it; a table named like a column is one of its rows."""
        for frame in frames:
            for source, types in frame:
                if use.qualifier in ("", source.alias) and use.name in types:
                    return types[use.name]
            for source, types in frame:
                if use.qualifier in ("", source.alias) and source.kind == "relation":
                    if use.name in _SYSTEM_COLUMNS:
                        return _SYSTEM_COLUMNS[use.name]
                    if use.qualifier:
                        return None
                if not use.qualifier and use.name == source.alias:
                    return self._row(source, types)
        return None

    def _row(self, source: Source, types: Types) -> TypeName | None:
        """What an alias is that is used like a column: a row, or what a function returns."""
        relation = self.shapes.named(source) if source.kind == "relation" else None
        if isinstance(relation, Table | View):
            return Kind(relation.schema, relation.name).written
        return next(iter(types.values())) if source.kind == "function" and len(types) == 1 else None


_OF_SEQUENCES = {
    "last_value": Kind("", "int8").written,
    "log_cnt": Kind("", "int8").written,
    "is_called": BOOL.written,
}
_SYSTEM_COLUMNS = {
    "ctid": Kind("", "tid").written,
    **dict.fromkeys(("xmin", "xmax"), Kind("", "xid").written),
    **dict.fromkeys(("cmin", "cmax"), Kind("", "cid").written),
    "tableoid": Kind("", "oid").written,
}
