"""Columns that queries and expressions name and that cannot exist, found by the shapes of what they are taken from."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Function, Table, View
from confiture_linter.catalog.references import own_path, sets_path, templated
from confiture_linter.catalog.shape import apart
from confiture_linter.engine.context import Context
from confiture_linter.model import Span
from confiture_linter.statements.facts import (
    Body,
    ColumnUse,
    CreateFunction,
    CreateTrigger,
    DoBlock,
    Expression,
    FieldUse,
    Query,
    Ref,
    Source,
    Statement,
)
from confiture_rules.dependencies.variables import (
    NO_NAMES,
    NO_TABLES,
    Names,
    array_variables,
    catches,
    names_of,
    tables_of,
    temporary_tables,
    times_asked,
    transition_tables,
    triggers_of,
    type_fields,
)

Shape = tuple[str, ...] | None
Scope = dict[str, Shape]


class ColumnMistake(NamedTuple):
    """A column that the relation it is taken from does not have."""

    path: str
    span: Span
    message: str
    owner: str
    hint: str
    system: bool = False
    """Whether the relation is PostgreSQL's own."""


def column_mistakes(ctx: Context) -> list[ColumnMistake]:
    """All mistakes of the tree, computed once a run."""
    found: list[ColumnMistake] = ctx.memo("column-mistakes", lambda: list(_all(ctx)))
    return found


def _all(ctx: Context) -> Iterator[ColumnMistake]:
    live = {id(function.statement): function for function in ctx.catalog.routines}
    shapes = ctx.shapes.doubting() if ctx.history and ctx.catalog.contested else ctx.shapes
    for where in ctx.catalog.statements:
        fact = where.statement.fact
        if type(fact) is CreateFunction:
            function = live.get(id(where.statement))
            if function is not None:
                yield from _routine(where.path, fact, where.statement, function, shapes, ctx)
        elif ctx.history:
            continue  # it ran in the schema of its time, which is no more
        elif type(fact) is DoBlock:
            if fact.body is not None and not catches(fact.body) and not sets_path(where.statement):
                names = names_of(None, fact.body, NO_TABLES, ctx.shapes)
                place = where.position, where.statement.start
                yield from _Checker(ctx, where.path, "", names, ctx.shapes, late=False, place=place).body(
                    fact.body
                )
        elif type(fact) is CreateTrigger:
            if fact.when is not None:
                relation = ctx.catalog.relation(fact.table_schema, fact.table, ctx.catalog.default_path)
                row = ctx.shapes.relation(relation)
                names = Names(rows={"new": row, "old": row})
                yield from _Checker(ctx, where.path, fact.name, names, ctx.shapes, late=False).condition(
                    fact.when
                )
        elif where.statement.queries:
            owner = getattr(fact, "name", "")
            place = where.position, where.statement.start
            checker = _Checker(ctx, where.path, owner, NO_NAMES, ctx.shapes, late=False, place=place)
            for query in where.statement.queries:
                yield from checker.query(query, {}, {})


def _routine(
    path: str, fact: CreateFunction, statement: Statement, function: Function, usual: Shapes, ctx: Context
) -> Iterator[ColumnMistake]:
    owner = f"{fact.schema}.{fact.name}" if fact.schema else fact.name
    settled = own_path(fact)
    shapes = usual.along(settled) if settled and settled != usual.path else usual
    yield from _Checker(ctx, path, owner, NO_NAMES, shapes, late=False).types(statement.refs)
    body = fact.body
    if body is None or body.problem or catches(body):
        return
    if sets_path(statement):
        shapes = usual.along(_NOWHERE)
    triggers = triggers_of(function, ctx)
    asks = times_asked(ctx.text(path)[body.start : body.end]) if triggers else 0
    tables = tables_of(triggers, shapes, asks)
    temporary = temporary_tables(body, transition_tables(triggers, shapes), shapes)
    arrays = array_variables(fact, body)
    if temporary or arrays:
        shapes = shapes.within(temporary, arrays)
    names = names_of(fact, body, tables, shapes)
    checker = _Checker(ctx, path, owner, names, shapes, late=True)
    found = list(checker.body(body))
    if any(mistake.system for mistake in found) and _asks_for_version(ctx.text(path)[body.start : body.end]):
        found = [mistake for mistake in found if not mistake.system]
    yield from found


_NOWHERE = ("",)
"""The search_path of a body that sets it while it runs: what an unqualified name means is not known."""


def _asks_for_version(text: bytes) -> bool:
    """Whether a body treats versions of PostgreSQL differently, whose catalogs have other columns."""
    return _VERSION.search(text) is not None


_VERSION = re.compile(rb"server_version|version_num|\bversion\s*\(", re.IGNORECASE)


class _Checker:
    """Checks the names of columns, variables and fields in one statement or body."""

    def __init__(
        self,
        ctx: Context,
        path: str,
        owner: str,
        names: Names,
        shapes: Shapes,
        *,
        late: bool,
        place: tuple[int, int] | None = None,
    ) -> None:
        self.place = place
        """Position of its file and offset in it, of a statement that runs at once."""
        self.late = late
        """Whether the statement is in a function, so that columns dropped since are a mistake."""
        self.ctx = ctx
        self.shapes = shapes
        self.path = path
        self.owner = owner
        self.names = names
        self.homes: dict[str, str] = {}
        """Schemas of the relations that the query at hand reads, by alias."""

    def body(self, body: Body) -> Iterator[ColumnMistake]:
        """Everything in a body; a place is said once."""
        seen: set[tuple[int, str]] = set()
        for mistake in self._body(body):
            key = mistake.span.start, mistake.message
            if key not in seen:
                seen.add(key)
                yield mistake

    def _body(self, body: Body) -> Iterator[ColumnMistake]:
        for query in body.queries:
            yield from self.query(query, {}, {})
        for use in body.uses:
            mistake = self._outside(use)
            if mistake is not None:
                yield mistake
        yield from self.types(body.refs)
        for statement in body.statements:
            for query in statement.queries:
                yield from self.query(query, {}, {})

    def condition(self, expression: Expression) -> Iterator[ColumnMistake]:
        """A condition over rows that stand for themselves."""
        for use in expression.columns:
            mistake = self._outside(use) if use.qualifier else None
            if mistake is not None:
                yield mistake

    def types(self, refs: Iterable[Ref]) -> Iterator[ColumnMistake]:
        """`table.column%TYPE` of a column that the table does not have."""
        catalog = self.shapes.catalog
        for ref in refs:
            if ref.kind != "relation" or ref.use not in ("type", "declare") or not ref.text:
                continue
            relation = catalog.relation(ref.schema, ref.name, self.shapes.path)
            shape = self.shapes.relation(relation) if isinstance(relation, Table | View) else None
            if relation is None:
                composite = catalog.type(ref.schema, ref.name, self.shapes.path)
                shape = tuple(composite.attributes) if composite and composite.form == "composite" else None
            if not self.shapes.has_column(shape, ref.text) and not templated(ref.text):
                yield self._mistake(ColumnUse(ref.name, ref.text, ref.at), ref.name, shape or ())

    # -- queries -----------------------------------------------------------------------------------

    def query(self, query: Query, outer: Scope, ctes: dict[str, Shape]) -> Iterator[ColumnMistake]:
        """One level of a query and the levels inside it."""
        ctes = self.shapes.bound(query, ctes)
        scope: Scope = {}
        names: dict[str, str] = {}
        self.homes = {
            source.alias: relation.schema
            for source in query.sources
            if source.kind == "relation" and (relation := self.shapes.named(source)) is not None
        }
        for source in (*query.sources, *((query.target,) if query.target else ())):
            alias = source.alias
            shape = self.shapes.source(source, query, ctes)
            scope[alias] = None if alias in scope and scope[alias] != shape else shape
            if alias:
                names[alias] = source.name or alias
        if query.conflict is not None and query.target is not None:
            scope["excluded"] = scope[query.target.alias]
        visible = {**outer, **scope}
        if query.command == "union":
            yield from self._ordered(query, ctes)
        else:
            yield from self._columns(query, visible, names)
        if query.using:
            yield from self._using(query, ctes)
        if query.target is not None:
            yield from self._target(query, query.target)
        for field in query.fields:
            mistake = self._field(field, visible, query, ctes)
            if mistake is not None:
                yield mistake
        alone = apart(query)
        for number, child in enumerate(query.children):
            yield from self.query(child, outer if number in alone else visible, ctes)

    def _columns(self, query: Query, visible: Scope, names: dict[str, str]) -> Iterator[ColumnMistake]:
        bare = self._bare_names(query, visible)
        outputs = {o.name for o in query.outputs} if 0 <= query.ordered_from < len(query.columns) else ()
        for number, use in enumerate(query.columns):
            if use.qualifier:
                mistake = self._qualified(use, visible, names)
            elif 0 <= query.ordered_from <= number and use.name in outputs:
                continue
            else:
                mistake = self._bare(use, bare, names)
            if mistake is not None:
                yield mistake

    def _ordered(self, query: Query, ctes: dict[str, Shape]) -> Iterator[ColumnMistake]:
        """ORDER BY of a set operation, which sees its outputs only."""
        shape = self.shapes.query(query, ctes) if query.columns else None
        for use in query.columns if shape is not None else ():
            if not use.qualifier and use.name not in (*(shape or ()), *self.names.variables):
                yield self._mistake(use, query.command, shape or ())

    def _using(self, query: Query, ctes: dict[str, Shape]) -> Iterator[ColumnMistake]:
        """USING (column): both sides of the join must have it."""
        shapes = [self.shapes.source(source, query, ctes) for source in query.sources]
        if any(shape is None for shape in shapes):
            return
        for name in query.using:
            if sum(name in (shape or ()) for shape in shapes) < 2 and not templated(name):
                at = query.sources[-1].at
                word = self.ctx.words(self.path, Span(at, at + 2000)).named(name)
                relations = " or ".join(
                    dict.fromkeys(source.name or source.alias for source in query.sources)
                )
                use = ColumnUse("", name, word.start if word is not None else at)
                if not self._excused(use):
                    yield self._mistake(use, relations, ())

    def _qualified(self, use: ColumnUse, visible: Scope, names: dict[str, str]) -> ColumnMistake | None:
        alias = use.qualifier
        if alias not in visible:
            return self._outside(use) if "" not in visible else None
        if use.schema and self.homes.get(alias, use.schema) != use.schema and not templated(use.schema):
            return self._outside(use)
        if use.name == "*":
            return None
        shape = visible[alias]
        if shape is None or self.shapes.has_column(shape, use.name):
            return None
        if alias in self.names.variables and (
            alias not in self.names.rows or self.shapes.has_column(self.names.fields(alias, use.at), use.name)
        ):
            return None
        if (
            alias in self.names.labels
            or use.schema in self.names.variables
            or use.schema in self.names.labels
        ):
            return None
        if self._excused(use) or any(map(templated, shape)) or self._is_function(use.name):
            return None
        if self._elsewhere(names.get(alias, ""), use.name):
            return None
        return self._mistake(use, names.get(alias, alias), shape)

    def _outside(self, use: ColumnUse) -> ColumnMistake | None:
        """A name that no FROM clause gives: a variable or a field of one, or nothing."""
        names = self.names
        if not use.qualifier:
            if use.name in names.variables or use.name in names.rows or use.name == "*" or self._excused(use):
                return None
            return ColumnMistake(
                self.path, Span(use.at, -2), f"{use.name} is neither a column nor a variable", self.owner or use.name,
                _hint(use.name, names.variables, "correct the name, or declare it"),
            )  # fmt: skip
        alias = use.qualifier
        if self._excused(use) or templated(alias):
            return None
        if use.schema and use.schema not in names.labels:
            if use.schema in names.variables or use.schema in names.rows or templated(use.schema):
                return None
            alias = f"{use.schema}.{alias}"
        if alias in names.rows:
            fields = names.fields(alias, use.at)
            if fields is None or use.name == "*" or self.shapes.has_column(fields, use.name):
                return None
            return self._mistake(use, alias, fields) if not self._is_function(use.name) else None
        if alias in names.labels:
            if use.name in names.variables or use.name in names.rows or use.name == "*":
                return None
            return self._mistake(use, alias, tuple(sorted(names.variables)), "variable")
        if alias in names.variables or alias in _ROWS:
            return None
        return ColumnMistake(
            self.path, Span(use.at, -2), f"no table or alias {alias} is in this query", self.owner or alias,
            "correct the name, or add it to FROM; an alias hides the name of its table",
        )  # fmt: skip

    def _bare_names(self, query: Query, visible: Scope) -> frozenset[str] | None:
        """Every name that may stand without a qualifier in this query; None where that cannot be known."""
        if query.command == "union" or "" in visible:
            return None
        known: set[str] = {*visible, *self.names.variables}
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
        if not names:
            return self._outside(use)
        if self._excused(use) or any(map(templated, known)):
            return None
        if any(self._elsewhere(name, use.name) for name in names.values()):
            return None
        return self._mistake(use, " or ".join(dict.fromkeys(names.values())), tuple(sorted(known)))

    def _target(self, query: Query, target: Source) -> Iterator[ColumnMistake]:
        relation = self.shapes.named(target)
        if not isinstance(relation, Table | View) and target.name not in self.shapes.temporary:
            return
        shape = self.shapes.source(target._replace(columns=()), query, {})
        if shape is None:
            return
        for use in (*query.target_columns, *query.conflict_columns):
            if self.shapes.has_column(shape, use.name) or self._excused(use):
                continue
            if not self._elsewhere(target.name, use.name):
                yield self._mistake(use, target.name, shape)

    def _field(
        self, field: FieldUse, visible: Scope, query: Query, ctes: dict[str, Shape]
    ) -> ColumnMistake | None:
        """`(column).field` and `(call()).field`."""
        fields: Shape = None
        of = ""
        if field.call is not None:
            schema, of, _ = field.call
            source = Source("function", "", schema, of, field.at)
            fields = self.shapes.source(source, query, ctes)
            if fields is None or "" in fields or len(fields) == 1:
                return None
        elif field.column is not None:
            of = field.column.name
            fields = self._column_fields(field.column, visible, query, element=field.element)
        if fields is None or self.shapes.has_column(fields, field.name):
            return None
        word = self.ctx.words(self.path, Span(field.at, field.at + 200)).named(field.name)
        use = ColumnUse(of, field.name, word.start if word is not None else field.at)
        if self._excused(use) or self._is_function(field.name):
            return None
        return self._mistake(use, of, fields)

    def _column_fields(self, use: ColumnUse, visible: Scope, query: Query, *, element: bool) -> Shape:
        """The fields of a column, where all tables at hand agree on them."""
        aliases = [source.alias for source in (*query.sources, *((query.target,) if query.target else ()))]
        if use.qualifier not in ("", *aliases):
            return None
        if not use.qualifier and (use.name in visible or use.name in self.names.variables):
            return None if element else visible.get(use.name)
        found: list[Shape] = []
        for source in (*query.sources, *((query.target,) if query.target else ())):
            if use.qualifier in ("", source.alias):
                relation = self.shapes.named(source) if source.kind == "relation" else None
                if not isinstance(relation, Table) or source.columns:
                    return None
                column = relation.columns.get(use.name)
                if column is not None and column.type.array is element:
                    found.append(type_fields(column.type._replace(array=False), self.shapes))
        return found[0] if len(found) == 1 else None

    # -- doubts ------------------------------------------------------------------------------------

    def _excused(self, use: ColumnUse) -> bool:
        """Whether the column was there when the statement ran, or its name is made by a template."""
        return templated(use.name) or (not self.late and use.name in self.shapes.catalog.former_columns)

    def _is_function(self, name: str) -> bool:
        """`row.name` may be a call of a function with the row."""
        catalog = self.shapes.catalog
        if catalog.overloads("", name, self.shapes.path):
            return True
        functions = catalog.builtin.functions(name) if catalog.builtin.accepts(name, 1) else ()
        return any(function.arguments[:1] and function.arguments[0] in _TAKES_ROWS for function in functions)

    def _elsewhere(self, relation: str, column: str) -> bool:
        """Whether another relation may be meant.

        One on the search_path that has the column, or one that was there before the one that is.
        """
        catalog = self.shapes.catalog
        if not relation:
            return False
        if not self.late and self.place is not None and self._made_later(relation):
            return True
        if catalog.path_declared:
            return False
        return any(
            name == relation and self.shapes.has_column(self.shapes.relation(found), column)
            for (_, name), found in catalog.relations.items()
        )

    def _made_later(self, relation: str) -> bool:
        positions: dict[str, int] = self.ctx.memo(
            "file-positions", lambda: {where.path: where.position for where in self.ctx.catalog.statements}
        )
        own = self.place
        return own is not None and any(
            name == relation and (positions.get(found.path, -1), found.span.start) > own
            for (_, name), found in self.shapes.catalog.relations.items()
        )

    def _mistake(
        self, use: ColumnUse, relation: str, shape: tuple[str, ...], what: str = "column"
    ) -> ColumnMistake:
        message = f"{what} {use.name} of {relation} does not exist"
        hint = _hint(use.name, shape, "correct the name, or add the column first")
        system = all(name.startswith("pg_") for name in relation.split(" or "))
        return ColumnMistake(self.path, Span(use.at, -2), message, self.owner or relation, hint, system)


_TAKES_ROWS = frozenset({"record", "any", "anyelement", "anycompatible"})
"""Types of parameters of built-in functions that a row may be given for."""

_ROWS = frozenset({"new", "old", "excluded"})
"""Rows that exist without FROM in rules and triggers."""


def _hint(name: str, known: Iterable[str], otherwise: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(known), 1, 0.6)
    return f"did you mean {close[0]}?" if close else otherwise
