"""Which columns a query returns, and what each column name in it refers to."""

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Index, Sequence, Table, View
from confiture_linter.statements.facts import Query, Source

Shape = tuple[str, ...] | None
"""Column names in order; None where they cannot be known."""

_SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"})


class Shapes:
    """Answers questions about columns; remembers the shape of every view it was asked about."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._views: dict[str, Shape] = {}

    def relation(self, relation: Table | View | Sequence | Index | None) -> Shape:
        """The columns of a relation."""
        if isinstance(relation, Table):
            return None if relation.unknown_columns else tuple(relation.columns)
        if isinstance(relation, View):
            return self.view(relation)
        if isinstance(relation, Sequence):
            return ("last_value", "log_cnt", "is_called")
        return None

    def view(self, view: View) -> Shape:
        """The columns of a view."""
        key = view.id
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
            shape = self._named(source)
        elif source.kind == "cte":
            shape = ctes.get(source.name)
        elif source.kind == "query" and 0 <= source.query < len(query.children):
            shape = self.query(query.children[source.query], ctes)
        else:
            return None
        if source.columns and shape is not None:
            return (*source.columns, *shape[len(source.columns) :])
        return shape

    def _named(self, source: Source) -> Shape:
        catalog = self.catalog
        if not source.schema and source.name in catalog.temporary:
            return None
        found = catalog.relation(source.schema, source.name, catalog.default_path)
        if found is not None:
            return self.relation(found)
        return None

    def _star(self, query: Query, qualifier: str, ctes: dict[str, Shape]) -> Shape:
        sources = [*query.sources]
        if query.target is not None:
            sources.insert(0, query.target)
        names: list[str] = []
        matched = False
        for source in sources:
            if qualifier and source.alias != qualifier:
                continue
            matched = True
            shape = self.source(source, query, ctes)
            if shape is None or (not qualifier and (query.using or query.natural)):
                return None
            names.extend(shape)
        return tuple(names) if matched else None

    def has_column(self, shape: Shape, name: str) -> bool:
        """Whether `name` may be a column of `shape`; unknown shapes may have any."""
        return shape is None or name in shape or name in _SYSTEM_COLUMNS
