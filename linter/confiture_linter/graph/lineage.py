"""Where the values of a column come from: column by column, through views, down to tables.

What a query passes on unchanged is read from its facts. Only what the facts leave open (expressions, aggregates,
star over USING, …) is asked of `lineage_query`, which parses with sqlglot: 100 ms to import, paid then and no sooner.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from confiture_linter.catalog import Catalog, Function, Shapes, Table, View
from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.graph.lineage_facts import Facts
from confiture_linter.graph.lineage_values import Derivation, Place, Step, unknown
from confiture_linter.graph.places import Places
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import Query

Relation = Table | View


class Filling(NamedTuple):
    """A query whose rows go into a table: CREATE TABLE AS or INSERT … SELECT."""

    where: SourceStatement
    query: Query
    """The INSERT, or the query of CREATE TABLE AS."""
    writer: str
    """Id of the function that runs it; empty for a statement of its own."""
    variables: tuple[str, ...]


class Tracer:
    """Answers for one catalog, and remembers what it was asked."""

    def __init__(
        self,
        catalog: Catalog,
        shapes: Shapes,
        places: Places,
        text: Callable[[str], bytes],
        *,
        through_tables: bool = False,
        facts_only: bool = False,
    ) -> None:
        self.catalog = catalog
        self.shapes = shapes
        self.places = places
        self.text = text
        self.through_tables = through_tables
        """Whether a table that a view reads is followed to the queries that fill it."""
        self.facts_only = facts_only
        """Whether what the facts leave open stays unknown, so that sqlglot is not imported."""
        self._facts = Facts(self)
        self._columns: dict[tuple[str, str], Step | None] = {}
        self._fillings: dict[str, list[Filling]] | None = None
        self.read: dict[str, Any] = {}
        """What `lineage_query` has parsed, by id of the view."""

    def columns(self, relation: Relation) -> tuple[str, ...] | None:
        """The columns of a relation; None where nobody knows them."""
        shape = self.shapes.relation(relation)
        if shape is None and isinstance(relation, View) and not self.facts_only:
            from confiture_linter.graph.lineage_query import view_columns

            return view_columns(self, relation)
        return shape

    def relation(self, schema: str, name: str) -> Relation | None:
        """The table or view that a query names."""
        if not schema and name in self.catalog.temporary:
            return None
        found = self.catalog.relation(schema, name, self.catalog.default_path)
        return found if isinstance(found, Table | View) else None

    def trace(self, relation: Relation, column: str) -> Step:
        """Where a column of a view comes from, or what fills a column of a table."""
        if isinstance(relation, View) or self.through_tables:
            return self.source(relation, column)
        return self._table(relation, column, filled=True)

    def source(self, relation: Relation, column: str) -> Step:
        """A column that a query reads, and where it comes from; a table is the end of the way."""
        key = (relation.id, column)
        if key in self._columns:
            known = self._columns[key]
            # Only a table that is filled from what is derived from it comes round to itself.
            return known or Step(relation.id, column, Derivation.COLUMN, *self._defined(relation, column))
        self._columns[key] = None
        if isinstance(relation, View):
            found = self._view(relation, column)
        else:
            found = self._table(relation, column, filled=self.through_tables)
        self._columns[key] = found
        return found

    def passed(self, query: Query, position: int, path: str) -> Step | None:
        """Where an output of a query comes from, as far as the facts can tell."""
        return self._facts.output(query, position, path)

    def _view(self, view: View, column: str) -> Step:
        step = self._facts.view(view, column)
        if step is None and self.facts_only:
            return unknown("the facts leave it open", Place(*self.places.of(view)), view.id, column)
        if step is None:
            from confiture_linter.graph.lineage_query import view_column

            step = view_column(self, view, column)
        return step._replace(relation=view.id, column=column)

    def _table(self, table: Table, column: str, *, filled: bool) -> Step:
        place = self._defined(table, column)
        if column not in table.columns and (table.columns or not table.unknown_columns):
            return unknown(f"{table.identity} has no column {column}", place, table.id, column)
        if not filled and not table.fact.from_query:
            return Step(table.id, column, Derivation.COLUMN, *place)
        return Step(table.id, column, Derivation.COLUMN, *place, sources=tuple(self._filled(table, column)))

    def _defined(self, relation: Relation, column: str) -> Place:
        if isinstance(relation, Table) and column in relation.columns:
            entity = relation.columns[column]
            own = entity.table is relation and entity.fact.at >= 0
            return self.place(entity.path, entity.span.start) if own else Place(*self.places.of(relation))
        return Place(*self.places.of(relation))

    def place(self, path: str, at: int) -> Place:
        """File and line of a byte offset."""
        return Place(self.places.path(path), self.places.line(path, at))

    # -- tables that queries fill ------------------------------------------------------------------

    def _filled(self, table: Table, column: str) -> Iterator[Step]:
        """One step for each query that gives the column its values."""
        for filling in self.fillings(table):
            step = self._facts.filling(filling, table, column)
            if step is None and not self.facts_only:
                from confiture_linter.graph.lineage_query import filling_column

                step = filling_column(self, filling, table, column)
            if step is not None:
                yield step

    def fillings(self, table: Table) -> list[Filling]:
        """The queries over other relations that fill a table; rows may also come from elsewhere."""
        if self._fillings is None:
            self._fillings = {}
            for edge in self.catalog.edges:
                if edge.ref.use == "insert" and isinstance(edge.target, Table):
                    self._note(self._fillings, edge.target, edge.where, edge.ref.at)
        found = self._fillings.get(table.id, [])
        if table.fact.from_query and table.statement.queries:
            where = SourceStatement(table.path, table.statement, 0)
            found = [Filling(where, table.statement.queries[0], "", ()), *found]
        return found

    def _note(self, found: dict[str, list[Filling]], table: Table, where: SourceStatement, at: int) -> None:
        fact = where.statement.fact
        body = fact.body if isinstance(fact, f.CreateFunction | f.DoBlock) else None
        writer = self._writer(where)
        if isinstance(fact, f.CreateFunction) and not writer:
            return  # it was dropped or replaced since
        for query in _inner(body.queries if body is not None else where.statement.queries):
            if query.command == "insert" and query.target is not None and query.target.at == at:
                chosen = query.children[query.insert_query] if _has_query(query) else None
                if chosen is not None and any(source.kind != "values" for source in _sources(chosen)):
                    names = body.variables if body is not None else ()
                    found.setdefault(table.id, []).append(Filling(where, query, writer, names))

    def _writer(self, where: SourceStatement) -> str:
        fact = where.statement.fact
        if not isinstance(fact, f.CreateFunction):
            return ""
        for group in self.catalog.functions.values():
            for routine in group:
                if isinstance(routine, Function) and routine.statement is where.statement:
                    return routine.id
        return ""


def _has_query(query: Query) -> bool:
    return 0 <= query.insert_query < len(query.children)


def _inner(queries: tuple[Query, ...]) -> Iterator[Query]:
    for query in queries:
        yield query
        yield from _inner(query.children)


def _sources(query: Query) -> Iterator[f.Source]:
    yield from query.sources
    for child in query.children:
        yield from _sources(child)
