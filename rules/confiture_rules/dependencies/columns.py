"""Columns that queries name and that cannot exist, found by the shapes of the sources."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Table, View
from confiture_linter.engine.context import Context
from confiture_linter.model import Span
from confiture_linter.statements.facts import ColumnUse, CreateFunction, DoBlock, Query, Source, Statement

Shape = tuple[str, ...] | None
Scope = dict[str, Shape]

_TRIGGER_ROWS = frozenset({"new", "old", "excluded"})


class ColumnMistake(NamedTuple):
    """A column that the relation it is taken from does not have."""

    path: str
    span: Span
    relation: str
    column: str
    owner: str
    hint: str


def column_mistakes(ctx: Context) -> list[ColumnMistake]:
    """All mistakes of the tree, computed once a run."""
    found: list[ColumnMistake] = ctx.memo("column-mistakes", lambda: list(_all(ctx)))
    return found


def _all(ctx: Context) -> Iterator[ColumnMistake]:
    if ctx.history:
        return
    catalog = ctx.catalog
    live = {id(function.statement) for function in catalog.routines}
    for where in catalog.statements:
        statement = where.statement
        if isinstance(statement.fact, CreateFunction) and id(statement) not in live:
            continue
        for query, owner, variables in _queries(statement):
            late = isinstance(statement.fact, CreateFunction)
            checker = _Checker(ctx.shapes, where.path, owner, variables, late=late)
            yield from checker.query(query, {}, {})


def _queries(statement: Statement) -> Iterator[tuple[Query, str, frozenset[str]]]:
    fact = statement.fact
    if isinstance(fact, CreateFunction):
        if fact.body is not None:
            name = f"{fact.schema}.{fact.name}" if fact.schema else fact.name
            variables = frozenset(fact.body.variables)
            for query in fact.body.queries:
                yield query, name, variables
        return
    if isinstance(fact, DoBlock):
        if fact.body is not None:
            for query in fact.body.queries:
                yield query, "", frozenset(fact.body.variables)
        return
    owner = getattr(fact, "name", "")
    for query in statement.queries:
        yield query, owner, frozenset()


class _Checker:
    """Checks the qualified columns of one statement, and the columns DML lists."""

    def __init__(
        self, shapes: Shapes, path: str, owner: str, variables: frozenset[str], *, late: bool
    ) -> None:
        self.late = late
        """Whether the statement is in a function, so that columns dropped since are a mistake."""
        self.shapes = shapes
        self.path = path
        self.owner = owner
        self.variables = variables

    def query(self, query: Query, outer: Scope, ctes: dict[str, Shape]) -> Iterator[ColumnMistake]:
        ctes = self.shapes.bound(query, ctes)
        scope: Scope = {}
        names: dict[str, str] = {}
        for source in (*query.sources, *((query.target,) if query.target else ())):
            alias = source.alias
            if not alias:
                continue
            shape = self.shapes.source(source, query, ctes)
            scope[alias] = None if alias in scope and scope[alias] != shape else shape
            names[alias] = source.name or alias
        visible = {**outer, **scope}
        bare = self._bare_names(query, visible)
        for use in query.columns:
            mistake = self._qualified(use, visible, names) if use.qualifier else self._bare(use, bare, names)
            if mistake is not None:
                yield mistake
        if query.target is not None:
            yield from self._target(query, query.target)
        for child in query.children:
            yield from self.query(child, visible, ctes)

    def _qualified(self, use: ColumnUse, visible: Scope, names: dict[str, str]) -> ColumnMistake | None:
        alias = use.qualifier
        if not alias or use.name == "*" or alias not in visible or alias in _TRIGGER_ROWS:
            return None
        shape = visible[alias]
        if shape is None or self.shapes.has_column(shape, use.name):
            return None
        if alias in self.variables and alias not in names:
            return None
        if not self.late and use.name in self.shapes.catalog.former_columns:
            return None
        return self._mistake(use, names.get(alias, alias), shape)

    def _bare_names(self, query: Query, visible: Scope) -> frozenset[str] | None:
        """Every name that may stand without a qualifier in this query; None where that cannot be known."""
        if query.command == "union" or not (query.sources or query.target):
            return None
        aliases = (o.name for o in query.outputs if o.column is None or o.column.name != o.name)
        known: set[str] = {*visible, *self.variables, *aliases}
        for source in query.sources:
            if not source.alias:
                return None
        for shape in visible.values():
            if shape is None:
                return None
            known.update(shape)
        return frozenset(known)

    def _bare(
        self, use: ColumnUse, known: frozenset[str] | None, names: dict[str, str]
    ) -> ColumnMistake | None:
        """A name without a qualifier that no source, variable or output has."""
        if known is None or use.name in known or use.name == "*" or self.shapes.has_column((), use.name):
            return None
        if not self.late and use.name in self.shapes.catalog.former_columns:
            return None
        return self._mistake(use, " or ".join(dict.fromkeys(names.values())), tuple(sorted(known)))

    def _target(self, query: Query, target: Source) -> Iterator[ColumnMistake]:
        catalog = self.shapes.catalog
        if not target.schema and target.name in catalog.temporary:
            return
        relation = catalog.relation(target.schema, target.name, catalog.default_path)
        if not isinstance(relation, Table | View):
            return
        shape = self.shapes.relation(relation)
        if shape is None:
            return
        for use in query.target_columns:
            former = not self.late and use.name in catalog.former_columns
            if not former and not self.shapes.has_column(shape, use.name):
                yield self._mistake(use, target.name, shape)

    def _mistake(self, use: ColumnUse, relation: str, shape: tuple[str, ...]) -> ColumnMistake:
        from difflib import get_close_matches

        close = get_close_matches(use.name, shape, 1, 0.6)
        hint = f"did you mean {close[0]}?" if close else "correct the name, or add the column first"
        return ColumnMistake(self.path, Span(use.at, -2), relation, use.name, self.owner or relation, hint)
