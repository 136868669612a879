"""Which columns a query returns, and what each column name in it refers to."""

from collections.abc import Mapping

from confiture_linter.catalog.builtin import FIRST_MAJOR, LAST_MAJOR, BuiltinCatalog, builtin_catalog
from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Function, Index, Sequence, Table, View
from confiture_linter.statements.facts import Query, Source, TypeName

Shape = tuple[str, ...] | None
"""Column names in order; None where they cannot be known."""

_SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"})


class Shapes:
    """Answers questions about columns; remembers the shape of every view it was asked about."""

    def __init__(self, catalog: Catalog, path: tuple[str, ...] = ()) -> None:
        self.catalog = catalog
        self.contested: frozenset[str] = frozenset()
        """Tables (by identity) whose columns are not to be relied on."""
        self.temporary: Mapping[str, Shape] = {}
        """Temporary and transition tables of one function body."""
        self.variables: Mapping[str, TypeName] = {}
        """Variables and parameters of one function body that are arrays."""
        self.path = path or catalog.default_path
        """The search_path that unqualified names are looked up in."""
        self._views: dict[int, Shape] = {}
        """By identity."""
        self._builtin: dict[tuple[str, str], Shape] = {}

    def along(self, path: tuple[str, ...]) -> "Shapes":
        """The same under another search_path."""
        other = Shapes(self.catalog, path)
        other._views, other._builtin, other.contested = self._views, self._builtin, self.contested
        return other

    def doubting(self) -> "Shapes":
        """The same, silent about tables that a later file defines in another way, IF NOT EXISTS."""
        other = Shapes(self.catalog, self.path)
        other._builtin, other.contested = self._builtin, frozenset(self.catalog.contested)
        return other

    def within(self, temporary: Mapping[str, Shape], variables: Mapping[str, TypeName]) -> "Shapes":
        """The same inside one function body."""
        other = self.along(self.path)
        other.temporary, other.variables = temporary, variables
        return other

    def relation(self, relation: Table | View | Sequence | Index | None) -> Shape:
        """The columns of a relation."""
        if isinstance(relation, Table):
            unknown = relation.unknown_columns or relation.identity in self.contested
            return None if unknown else tuple(relation.columns)
        if isinstance(relation, View):
            return self.view(relation)
        if isinstance(relation, Sequence):
            return ("last_value", "log_cnt", "is_called")
        return None

    def view(self, view: View) -> Shape:
        """The columns of a view."""
        if view.names is not None:
            return view.names
        key = id(view)
        if key in self._views:
            return self._views[key]
        self._views[key] = None
        query = view.query
        shape = self.query(query, {}) if query is not None else None
        if shape is not None and view.fact.columns:
            shape = (*view.fact.columns, *shape[len(view.fact.columns) :])
        elif view.fact.columns and query is not None and "*" not in {o.name for o in query.outputs}:
            shape = view.fact.columns
        self._views[key] = shape
        return shape

    def query(self, query: Query, ctes: dict[str, Shape]) -> Shape:
        """The columns that a query returns; `ctes` are the shapes of the WITH queries around it."""
        ctes = self.bound(query, ctes)
        if query.command == "union":
            return self.query(query.children[len(query.bound)], ctes) if query.children else None
        if query.command == "values":
            width = query.rows[0] if query.rows else 0
            return tuple(f"column{number + 1}" for number in range(width))
        outputs = query.returning if query.target is not None else query.outputs
        names: list[str] = []
        for output in outputs:
            column = output.column
            if column is None or column.name != "*":
                names.append(output.name)
                continue
            expanded = self._star(query, column.qualifier, ctes)
            if expanded is None:
                return None
            names.extend(expanded)
        return tuple(names)

    def bound(self, query: Query, ctes: dict[str, Shape]) -> dict[str, Shape]:
        """`ctes` with the WITH queries of `query` itself added."""
        if not query.bound:
            return ctes
        inner = dict(ctes)
        for index, name in enumerate(query.bound):
            inner[name] = None
            if index < len(query.children):
                shape = self.query(query.children[index], inner)
                given = query.bound_columns[index] if index < len(query.bound_columns) else ()
                inner[name] = (*given, *shape[len(given) :]) if shape is not None and given else shape
        return inner

    def source(self, source: Source, query: Query, ctes: dict[str, Shape]) -> Shape:
        """The columns of one FROM item."""
        if source.kind == "relation":
            relation = self.named(source)
            if source.name in self.temporary and source.schema in ("", "pg_temp"):
                shape = self.temporary[source.name]
            else:
                shape = self.relation(relation) if relation is not None else self._system_relation(source)
        elif source.kind == "cte":
            shape = ctes.get(source.name)
        elif source.kind == "query" and 0 <= source.query < len(query.children):
            shape = self.query(query.children[source.query], ctes)
        elif source.kind in ("values", "using"):
            return source.columns
        elif source.kind == "function":
            shape = self._function_shape(source, query, ctes)
            if source.ordinality and shape is not None:
                shape = (*shape, "ordinality")
        elif source.kind == "join":
            shape = self._together(source.parts, query, ctes)
        else:
            return None
        if source.columns and shape is not None:
            return (*source.columns, *shape[len(source.columns) :])
        return shape

    def _function_shape(self, source: Source, query: Query, ctes: dict[str, Shape]) -> Shape:
        if source.parts and source.name != "unnest":
            return self._together(source.parts, query, ctes)
        if source.parts:
            one = len(source.parts) == 1
            shapes = [self._element(part, source.alias if one else "unnest", query) for part in source.parts]
            return None if None in shapes else tuple(name for shape in shapes for name in shape or ())
        found = self.function_columns(source)
        return tuple(name for name, _ in found) if found is not None else self._system_function(source)

    def _together(self, sources: tuple[Source, ...], query: Query, ctes: dict[str, Shape]) -> Shape:
        """The columns of several sources, one after the other."""
        shapes = [self.source(source, query, ctes) for source in sources if source.kind != "using"]
        if not shapes or None in shapes:
            return None
        return tuple(name for shape in shapes for name in shape or ())

    def _element(self, array: Source, name: str, query: Query) -> Shape:
        """The columns of `unnest(array)`: the fields of a composite, else one that is called `name`."""
        if array.kind == "values":
            return (name,)
        kind = self._array_type(array, query) if array.kind == "array" else None
        if kind is None or not kind.array:
            return None
        composite = self.catalog.type(kind.schema, kind.name, self.path)
        if composite is not None:
            return tuple(composite.attributes) if composite.form == "composite" else (name,)
        relation = self.catalog.relation(kind.schema, kind.name, self.path)
        if relation is not None:
            return self.relation(relation)
        return (name,) if self.catalog.builtin.has_type(kind.name) else None

    def _array_type(self, array: Source, query: Query) -> TypeName | None:
        """The type of a column or variable that is taken apart, if only one can be meant."""
        found: list[TypeName] = []
        for source in query.sources:
            if source.kind == "relation" and array.schema in ("", source.alias) and not source.columns:
                relation = self.named(source)
                column = relation.columns.get(array.name) if isinstance(relation, Table) else None
                if column is not None:
                    found.append(column.type)
        if not array.schema and array.name in self.variables:
            found.append(self.variables[array.name])
        return found[0] if len(found) == 1 else None

    def named(self, source: Source) -> Table | View | Sequence | Index | None:
        """The relation that a FROM item names."""
        catalog = self.catalog
        if catalog.moved and isinstance(moved := catalog.moved.get(id(source)), Table | View | Sequence):
            return moved
        if not source.schema and source.name in catalog.temporary:
            return None
        return catalog.relation(source.schema, source.name, self.path)

    def _system_relation(self, source: Source) -> Shape:
        """The columns of a table or view of pg_catalog or information_schema."""
        if source.schema in ("", "pg_catalog"):
            schema = "pg_catalog"
        elif source.schema == "information_schema":
            schema = source.schema
        else:
            return None
        if not source.schema and (not source.name.startswith("pg_") or source.name in self.catalog.temporary):
            return None
        key = (schema, source.name)
        if key not in self._builtin:
            columns: dict[str, None] = {}
            for builtin in self._versions():
                columns.update((column.name, None) for column in builtin.relation(schema, source.name))
            self._builtin[key] = tuple(columns) or None
        return self._builtin[key]

    def _versions(self) -> list[BuiltinCatalog]:
        """The target version; all supported ones if none was chosen."""
        catalog = self.catalog
        if catalog.postgres_declared:
            return [catalog.builtin]
        return [builtin_catalog(major) for major in range(FIRST_MAJOR, LAST_MAJOR + 1)]

    def _system_function(self, source: Source) -> Shape:
        """The columns of a function of pg_catalog in FROM: those of its results, or the value under the alias."""
        catalog = self.catalog
        if not source.name or source.schema not in ("", "pg_catalog"):
            return None
        if catalog.overloads("", source.name, self.path):
            return None
        key = ("()", source.name)
        if key not in self._builtin:
            self._builtin[key] = self._results(source.name)
        columns = self._builtin[key]
        return (source.alias,) if columns == () else columns

    def _results(self, name: str) -> Shape:
        """The columns of all overloads of a built-in function if they agree; empty for one value."""
        found: Shape = None
        for builtin in self._versions():
            for function in builtin.functions(name):
                columns = tuple(column.name for column in function.columns)
                plain = builtin.type(function.returns)
                if not columns and (plain is None or plain.kind not in "bdemr"):
                    return None
                if found is not None and found != columns:
                    return None
                found = columns
        return found

    def row_type(self, source: Source) -> list[TypeName]:
        """The type that a function in FROM returns, where it is no scalar."""
        found = self._function(source)
        if found is None or found.fact.returns is None or any(a.mode in "obt" for a in found.fact.arguments):
            return []
        return [found.fact.returns]

    def _function(self, source: Source) -> Function | None:
        catalog = self.catalog
        if catalog.moved and isinstance(moved := catalog.moved.get(id(source)), Function):
            return moved
        group = catalog.overloads(source.schema, source.name, self.path) if source.name else []
        functions = [item for item in group if isinstance(item, Function)]
        return functions[0] if len(functions) == 1 else None

    def function_columns(self, source: Source) -> list[tuple[str, TypeName]] | None:
        """Names and types of the columns of a function in FROM; None if the tree does not tell."""
        catalog = self.catalog
        function = self._function(source)
        if function is None:
            return None
        fact = function.fact
        out = [argument for argument in fact.arguments if argument.mode in "obt"]
        if out:
            named = [(a.name or f"column{number}", a.type) for number, a in enumerate(out, 1)]
            return (
                named if len(out) > 1 or out[0].mode == "t" or out[0].name else [(source.alias, out[0].type)]
            )
        returns = fact.returns
        if returns is None or returns.name in ("record", "trigger") or returns.name.startswith("any"):
            return None
        composite = catalog.type(returns.schema, returns.name, self.path)
        if composite is not None:
            if composite.form != "composite":
                return [(source.alias, returns)]
            return [(attribute.name, attribute.type) for attribute in composite.attributes.values()]
        relation = catalog.relation(returns.schema, returns.name, self.path)
        if isinstance(relation, Table):
            return None if relation.unknown_columns else [(c.name, c.type) for c in relation.columns.values()]
        if relation is not None:
            shape = self.relation(relation)
            return None if shape is None else [(name, _UNTYPED) for name in shape]
        known = catalog.builtin.has_type(returns.name) and returns.schema in ("", "pg_catalog")
        return [(source.alias, returns)] if known else None

    def _star(self, query: Query, qualifier: str, ctes: dict[str, Shape]) -> Shape:
        sources = [*query.sources]
        if query.target is not None:
            sources.insert(0, query.target)
        names: list[str] = []
        matched = False
        hidden = [part for source in sources if source.kind == "join" for part in source.parts]
        for source in sources:
            if qualifier and source.alias != qualifier:
                continue
            if not qualifier and (source.kind == "using" or source in hidden):
                continue
            matched = True
            shape = self.source(source, query, ctes)
            if shape is None:
                return None
            names.extend(shape)
        if not qualifier and (query.using or query.natural):
            return _joined(names, query) if matched else None
        return tuple(names) if matched else None

    def has_column(self, shape: Shape, name: str) -> bool:
        """Whether `name` may be a column of `shape`; unknown shapes may have any."""
        return shape is None or name in shape or name in _SYSTEM_COLUMNS


def apart(query: Query) -> set[int]:
    """Which children do not see the FROM items of a query: WITH, sub-queries in FROM, and what INSERT inserts."""
    found = set(range(len(query.bound)))
    found.update(s.query for s in query.sources if s.kind == "query" and not s.lateral)
    found.add(query.insert_query)
    return found


def _joined(names: list[str], query: Query) -> Shape:
    """The columns of `*` over joins that share columns: those come first, once (parse_clause.c, transformFromClauseItem).

    Only where the joins can be told apart: two sources, or USING with the same one column in each join.
    """
    count = sum(source.kind != "using" for source in query.sources)
    if query.natural:
        shared = [name for name in dict.fromkeys(names) if names.count(name) > 1] if count == 2 else None
    elif count == 2 or (len(set(query.using)) == 1 and len(query.using) == count - 1):
        shared = list(dict.fromkeys(query.using))
    else:
        shared = None
    if shared is None:
        return None
    return (*shared, *(name for name in names if name not in shared))


_UNTYPED = TypeName("", "", (), False, False, False, -1)


def qualified_query(query: Query, catalog: Catalog) -> Query:
    """A query whose relations carry the schema that search_path leads to now: it may be another one later."""
    sources = tuple(_qualified(source, catalog) for source in query.sources)
    target = query.target and _qualified(query.target, catalog)
    children = tuple(qualified_query(child, catalog) for child in query.children)
    return query._replace(sources=sources, target=target, children=children)


def _qualified(source: Source, catalog: Catalog) -> Source:
    if source.schema or source.kind not in ("relation", "function"):
        return source
    if source.kind == "relation":
        relation = catalog.relation("", source.name)
        return source._replace(schema=relation.schema) if relation is not None else source
    group = catalog.overloads("", source.name)
    return source._replace(schema=group[0].schema) if group else source
