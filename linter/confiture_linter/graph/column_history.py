"""What a column was called when a statement ran: a view that was made before a RENAME says the old name."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from confiture_linter.catalog import Catalog, Function, Shapes, Table, View
from confiture_linter.catalog.shape import Shape
from confiture_linter.graph.columns import ColumnUses, Used
from confiture_linter.statements import facts as f
from confiture_linter.statements.facts import ColumnUse, Expression, Query, Ref
from confiture_linter.statements.summarise import nested_queries

_NEWEST = 1 << 60


class _Then(Shapes):
    """Shapes in which one table has the columns it had then."""

    def __init__(self, catalog: Catalog, table: Table | View, names: Shape) -> None:
        super().__init__(catalog)
        self._table = table
        self._names = names

    def relation(self, relation: object) -> Shape:
        """The columns of a relation."""
        return self._names if relation is self._table else super().relation(relation)  # type: ignore[arg-type]


class History:
    """Knows when each statement ran, and what happened to columns since."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._answers: dict[tuple[int, int], dict[int, Used]] = {}

    @cached_property
    def _changes(self) -> list[tuple[int, f.Rename | f.AlterTable]]:
        """ALTER TABLE and RENAME of columns, with their rank among all statements."""
        found: list[tuple[int, f.Rename | f.AlterTable]] = []
        for number, where in enumerate(self.catalog.statements):
            fact = where.statement.fact
            if type(fact) is f.AlterTable or (type(fact) is f.Rename and fact.kind == "column"):
                found.append((number, fact))
        return found

    @cached_property
    def _starts(self) -> dict[str, tuple[list[int], list[int]]]:
        """Where the statements of each file begin, and their ranks."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        for number, where in enumerate(self.catalog.statements):
            starts, numbers = found.setdefault(where.path, ([], []))
            starts.append(where.statement.start)
            numbers.append(number)
        return found

    def _ordinal(self, path: str, at: int) -> int:
        """When the statement at a place ran; what has no place ran last."""
        if not self._changes:
            return 0
        starts, numbers = self._starts.get(path, ([], []))
        index = bisect_right(starts, at) - 1
        return numbers[index] if index >= 0 and at >= 0 else _NEWEST

    def _then(self, relation: Table | View, ordinal: int) -> dict[str, str]:
        """Each column that a relation had, by its name then, and its name now."""
        if not isinstance(relation, Table):
            return {name: name for name in Shapes(self.catalog).view(relation) or ()}
        names = {name: name for name in relation.columns}
        called = {relation.name, relation.fact.name}
        for number, fact in reversed(self._changes):
            if number <= ordinal:
                break
            if type(fact) is f.Rename:
                if fact.target.parts and fact.target.parts[-1] in called and fact.new in names:
                    names[fact.part] = names.pop(fact.new)
            elif type(fact) is f.AlterTable and fact.name in called:
                for command in fact.commands:
                    if command.kind == "AddColumn" and command.column is not None:
                        names.pop(command.column.name, None)
        return names

    def now(self, relation: Table | View, names: set[str], path: str, at: int) -> set[str]:
        """Names that were written at a place, as the columns are called now."""
        then = self._then(relation, self._ordinal(path, at))
        return {then.get(name, name) for name in names}

    def uses(
        self, statement: f.Statement, ref: Ref, relation: Table | View, column: str, path: str
    ) -> bool | None:
        """Whether the queries of a statement need a column of the relation mentioned at `ref`."""
        ordinal = self._ordinal(path, statement.start)
        body = statement.fact.body if type(statement.fact) is f.CreateFunction else None
        queries = (*statement.queries, *(body.queries if body is not None else ()))
        return self._answer(queries, (), ref, relation, column, ordinal)

    def body_uses(self, function: Function, ref: Ref, relation: Table | View, column: str) -> bool | None:
        """Whether a string body needs a column: by the names of today, which it is resolved against."""
        body = function.fact.body
        if body is None:
            return None
        return self._answer(body.queries, body.variables, ref, relation, column, _NEWEST)

    def _answer(
        self,
        queries: tuple[Query, ...],
        variables: Iterable[str],
        ref: Ref,
        relation: Table | View,
        column: str,
        ordinal: int,
    ) -> bool | None:
        then = self._then(relation, ordinal)
        old = next((was for was, now in then.items() if now == column), None)
        unknown = isinstance(relation, Table) and relation.unknown_columns
        if old is None and not unknown:
            return None
        key = (id(queries[0]) if queries else 0, id(relation))
        if key not in self._answers:
            shape: Shape = None if unknown or not then else tuple(then)
            if ordinal != _NEWEST:
                queries = tuple(_expanding(query, set(then), frozenset()) for query in queries)
            uses = ColumnUses(self.catalog, _Then(self.catalog, relation, shape))
            self._answers[key] = uses.of(queries, variables)
        used = self._answers[key].get(ref.at)
        if used is None:
            return False
        if (old or column) in used.columns:
            return True
        return None if used.exact else False

    def expression_uses(
        self, expression: Expression, ref: Ref, relation: Table | View, column: str, path: str
    ) -> bool | None:
        """Whether the sub-queries of an expression need a column of the relation mentioned at `ref`."""
        ordinal = self._ordinal(path, expression.at)
        return self._answer(expression.queries, (), ref, relation, column, ordinal)

    def outer_names(self, query: Query, relation: Table | View) -> set[str]:
        """Columns of the relation around it that a sub-query names."""
        shapes = [Shapes(self.catalog).source(source, query, {}) for source in query.sources]
        aliases = {source.alias for source in query.sources}
        found: set[str] = set()
        if relation.name not in aliases:
            found |= {use.name for use in query.columns if use.qualifier == relation.name}
        if all(shape is not None for shape in shapes):
            own = {name for shape in shapes for name in shape or ()} | aliases
            found |= {use.name for use in query.columns if not use.qualifier and use.name not in own}
        for child in query.children:
            found |= self.outer_names(child, relation) - (aliases if relation.name in aliases else set())
        return found

    def former_names(self, view: View) -> set[str]:
        """Columns that the text of a view calls by a name they no longer have."""
        ordinal = self._ordinal(view.path, view.span.start)
        if not self._changes or self._changes[-1][0] <= ordinal:
            return set()
        found: set[str] = set()
        for edge in self.catalog.edges:
            if edge.source is view and isinstance(edge.target, Table):
                then = self._then(edge.target, ordinal)
                found |= {
                    was
                    for was, now in then.items()
                    if was != now and self.uses(view.statement, edge.ref, edge.target, now, view.path)
                }
        return found

    def row_columns(self, function: Function) -> set[str]:
        """Columns of NEW and OLD that a trigger function names."""
        body = function.fact.body
        if body is None:
            return set()
        heads = ("new", "old")
        names = {
            use.name
            for top in body.queries
            for query in nested_queries(top)
            for use in query.columns
            if use.qualifier in heads
        }
        fields = (name.partition(".") for name in body.assigns)
        return names | {field for head, _, field in fields if head in heads and field}


def _expanding(query: Query, names: set[str], outer: frozenset[str]) -> Query:
    """A query without its whole rows: they need the relation, but none of its columns (dependency.c)."""
    aliases = outer | {source.alias for source in query.sources}
    starred = {
        output.at for output in query.outputs if output.column is not None and output.column.name == "*"
    }

    def is_row(use: ColumnUse) -> bool:
        if use.name == "*":
            return bool(use.qualifier) and use.at not in starred
        return not use.qualifier and use.name in aliases and use.name not in names

    return query._replace(
        columns=tuple(use for use in query.columns if not is_row(use)),
        outputs=tuple(o for o in query.outputs if o.column is None or not is_row(o.column)),
        children=tuple(_expanding(child, names, aliases) for child in query.children),
    )
