"""Columns that queries name and that cannot exist, found by the shapes of the sources."""

import re
from collections.abc import Iterator

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Table, Trigger, View
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import (
    Argument,
    ColumnUse,
    CreateFunction,
    DoBlock,
    Query,
    Ref,
    SetVariable,
    Source,
    Statement,
    TypeName,
)
from confiture_linter.statements.walk import COMPOSITE
from confiture_rules.dependencies.mistakes import Mistake, mistake
from confiture_rules.dependencies.row_fields import called_on_row, row_mistakes, type_shape

Shape = tuple[str, ...] | None
Scope = dict[str, Shape]

_PLACEHOLDER = re.compile(r"[{}@:%<>#$\[\]]")
"""What stands in names that a program fills in."""

_TRIGGER_ROWS = frozenset({"new", "old"})


def column_mistakes(ctx: Context) -> list[Mistake]:
    """All mistakes of the tree, computed once a run."""
    found: list[Mistake] = ctx.memo(
        "column-mistakes", lambda: [m for m in _all(ctx) if not _PLACEHOLDER.search(m.name)]
    )
    return found


def _all(ctx: Context) -> Iterator[Mistake]:
    if ctx.history:
        return
    catalog = ctx.catalog
    live = {id(function.statement): function for function in catalog.routines}
    doubtful = _doubtful_names(ctx)
    triggers: dict[int, list[Trigger]] = {}
    for trigger in catalog.triggers:
        if trigger.function is not None:
            triggers.setdefault(id(trigger.function), []).append(trigger)
        if trigger.fact.when is not None:
            yield from _condition(ctx.shapes, trigger)
    for where in catalog.statements:
        statement = where.statement
        fact = statement.fact
        is_function = isinstance(fact, CreateFunction)
        if is_function and id(statement) not in live:
            continue
        if doubtful and any(not ref.schema and ref.name in doubtful for ref in _named(statement)):
            continue
        owner = _owner(statement)
        arguments: tuple[Argument, ...] = ()
        refs = statement.refs
        if isinstance(fact, CreateFunction | DoBlock) and fact.body is not None:
            attached = triggers.get(id(live[id(statement)]), []) if isinstance(fact, CreateFunction) else []
            arguments = fact.arguments if isinstance(fact, CreateFunction) else ()
            body = fact.body
            if body.rows or body.unknown:
                yield from row_mistakes(ctx.shapes, where.path, owner, body, arguments, attached)
            refs = (*refs, *body.refs)
        for ref in refs:
            if ref.use == "type" and ref.text and ref.kind == "relation":
                yield from _column_type(ctx.shapes, ref, where.path, owner)
        rows = {a.name: a.type for a in arguments if a.name and a.mode in "ib"}
        for query, variables in _queries(statement):
            checker = _Checker(ctx.shapes, where.path, owner, variables, rows, late=is_function)
            yield from checker.query(query, {}, {})


def _doubtful_names(ctx: Context) -> frozenset[str]:
    """Relations of several schemas, where search_path is changed: which of them a bare name means is not known."""
    homes: dict[str, int] = {}
    for _, name in ctx.catalog.relations:
        homes[name] = homes.get(name, 0) + 1
    several = frozenset(name for name, count in homes.items() if count > 1)
    if not several or not any(_sets_path(where.statement) for where in ctx.catalog.statements):
        return frozenset()
    return several


def _sets_path(statement: Statement) -> bool:
    fact = statement.fact
    if isinstance(fact, CreateFunction):
        return any(name == "search_path" for name, _ in fact.settings)
    return isinstance(fact, SetVariable) and fact.name == "search_path"


def _named(statement: Statement) -> Iterator[Ref]:
    """Everything that a statement and its body name."""
    yield from statement.refs
    body = getattr(statement.fact, "body", None)
    if body is not None:
        yield from body.refs


def _owner(statement: Statement) -> str:
    fact = statement.fact
    if isinstance(fact, CreateFunction):
        return f"{fact.schema}.{fact.name}" if fact.schema else fact.name
    return getattr(fact, "name", "")


def _column_type(shapes: Shapes, ref: Ref, path: str, owner: str) -> Iterator[Mistake]:
    """`relation.column%TYPE`."""
    relation = type_shape(shapes, _row_of(ref))
    if relation is not None and not shapes.has_column(relation, ref.text):
        use = ColumnUse(ref.name, ref.text, ref.at)
        yield mistake(use, path, owner, f"column {ref.text} of {ref.name} does not exist", relation)


def _row_of(ref: Ref) -> TypeName:
    return TypeName(ref.schema, ref.name, (), False, False, False, ref.at)


def _condition(shapes: Shapes, trigger: Trigger) -> Iterator[Mistake]:
    """WHEN of a trigger."""
    shape = shapes.relation(trigger.table)
    when = trigger.fact.when
    if shape is None or when is None:
        return
    table = trigger.table.name
    for use in when.columns:
        if (
            use.qualifier not in ("new", "old")
            or use.name == "*"
            or use.name in shapes.catalog.former_columns
        ):
            continue
        if not shapes.has_column(shape, use.name) and not called_on_row(shapes, use.name):
            message = f"column {use.name} of {table} does not exist"
            yield mistake(use, trigger.path, trigger.identity, message, shape)


def _queries(statement: Statement) -> Iterator[tuple[Query, frozenset[str] | None]]:
    """The queries of a statement, each with the variables around it; None where there can be none."""
    fact = statement.fact
    if isinstance(fact, CreateFunction | DoBlock):
        if fact.body is not None:
            variables = frozenset(fact.body.variables)
            for query in fact.body.queries:
                yield query, variables
        return
    for query in statement.queries:
        yield query, None


class _Checker:
    """Checks the qualified columns of one statement, and the columns DML lists."""

    def __init__(
        self,
        shapes: Shapes,
        path: str,
        owner: str,
        variables: frozenset[str] | None,
        rows: dict[str, TypeName],
        *,
        late: bool,
    ) -> None:
        self.late = late
        """Whether the statement is in a function, so that columns dropped since are a mistake."""
        self.shapes = shapes
        self.path = path
        self.owner = owner
        self.within = variables is not None
        """Whether it is part of a body, where a qualifier may be a variable, a block or the function."""
        self.variables = variables or frozenset()
        self.rows = rows
        """The arguments of the function and their types."""

    def query(self, query: Query, outer: Scope, ctes: dict[str, Shape]) -> Iterator[Mistake]:
        ctes = self.shapes.bound(query, ctes)
        scope: Scope = {}
        names: dict[str, str] = {}
        for source in (*query.sources, *((query.target,) if query.target else ())):
            alias = source.alias
            if not alias:
                scope[""] = None
                continue
            shape = self.shapes.source(source, query, ctes)
            scope[alias] = None if alias in scope and scope[alias] != shape else shape
            names[alias] = source.name or alias
        if query.command == "insert" and query.conflict is not None and query.target is not None:
            scope["excluded"] = scope.get(query.target.alias)
            names["excluded"] = query.target.name
        visible = {**outer, **scope}
        inner = self._bare_names(query, visible)
        made = {o.name for o in query.outputs if o.column is None or o.column.name != o.name}
        bare = inner if inner is None or not made else inner.union(made)
        if query.command == "union":
            yield from self._union(query, ctes)
        conditions = {use.at for use in query.conditions} if inner is not bare else ()
        for use in query.columns:
            if use.at in conditions and not use.qualifier:
                found = self._bare(use, inner, names)
                if found is not None:
                    yield found
                continue
            found = self._qualified(use, visible, names) if use.qualifier else self._bare(use, bare, names)
            if found is not None:
                yield found
        if query.target is not None:
            yield from self._target(query, query.target)
        elif query.using and len(query.sources) == 2 and not query.natural:
            yield from self._using(query, visible)
        for child in query.children:
            yield from self.query(child, visible, ctes)

    def _union(self, query: Query, ctes: dict[str, Shape]) -> Iterator[Mistake]:
        """ORDER BY of UNION and its kin knows the columns of the first branch, and nothing else."""
        shape = self.shapes.query(query, ctes)
        if shape is None or self.within:
            return
        for use in query.columns:
            if not use.qualifier and use.name not in shape:
                yield self._mistake(use, "the result", shape)

    def _qualified(self, use: ColumnUse, visible: Scope, names: dict[str, str]) -> Mistake | None:
        alias = use.qualifier
        if not alias or alias in _TRIGGER_ROWS:
            return None
        if alias not in visible:
            return self._unknown_qualifier(use, visible)
        shape = visible[alias]
        if use.name == "*" or shape is None or self.shapes.has_column(shape, use.name):
            return None
        if alias in self.variables and alias not in names:
            return None
        if not self.late and use.name in self.shapes.catalog.former_columns:
            return None
        if called_on_row(self.shapes, use.name):
            return None
        return self._mistake(use, names.get(alias, alias), shape)

    def _unknown_qualifier(self, use: ColumnUse, visible: Scope) -> Mistake | None:
        """A qualifier that no source has: an argument that is a row, or a mistake."""
        alias = use.qualifier
        kind = self.rows.get(alias)
        if kind is not None and not use.schema and use.name != "*":
            shape = type_shape(self.shapes, kind)
            if shape is not None and use.name not in shape and not called_on_row(self.shapes, use.name):
                return self._mistake(use, alias, shape)
            return None
        if use.schema or alias in self.variables or "" in visible or alias == COMPOSITE:
            return None
        if self.within and alias == self.owner.rpartition(".")[2]:
            return None
        message = f"no table or alias {alias} is in reach here"
        return mistake(use, self.path, self.owner or alias, message, visible, "relation")

    def _bare_names(self, query: Query, visible: Scope) -> frozenset[str] | None:
        """Every name that may stand without a qualifier in this query; None where that cannot be known."""
        if query.command == "union" or not (query.sources or query.target):
            return None
        known: set[str] = {*visible, *self.variables}
        for source in query.sources:
            if not source.alias:
                return None
        for shape in visible.values():
            if shape is None:
                return None
            known.update(shape)
        return frozenset(known)

    def _bare(self, use: ColumnUse, known: frozenset[str] | None, names: dict[str, str]) -> Mistake | None:
        """A name without a qualifier that no source, variable or output has."""
        if known is None or use.name in known or use.name == "*" or self.shapes.has_column((), use.name):
            return None
        if not self.late and use.name in self.shapes.catalog.former_columns:
            return None
        return self._mistake(use, " or ".join(dict.fromkeys(names.values())), tuple(sorted(known)))

    def _using(self, query: Query, visible: Scope) -> Iterator[Mistake]:
        """USING needs its columns on both sides; which sides those are is plain where there are two."""
        right = query.sources[1]
        if right.at < 0 or query.sources[0].alias == right.alias:
            return
        for source in query.sources:
            shape = visible.get(source.alias) if source.alias else None
            for name in query.using if shape is not None else ():
                if not self.shapes.has_column(shape, name) and shape is not None:
                    yield self._mistake(ColumnUse("", name, right.at), source.name or source.alias, shape)

    def _target(self, query: Query, target: Source) -> Iterator[Mistake]:
        catalog = self.shapes.catalog
        if not target.schema and target.name in catalog.temporary:
            return
        relation = catalog.relation(target.schema, target.name, catalog.default_path)
        if not isinstance(relation, Table | View):
            return
        shape = self.shapes.relation(relation)
        if shape is None:
            return
        keys = [ColumnUse("", name, query.conflict_at) for name in query.conflict or ()]
        keys = [use for use in keys if use.name and use.name[0] != "\0"]
        for use in (*query.target_columns, *keys):
            former = not self.late and use.name in catalog.former_columns
            if not former and not self.shapes.has_column(shape, use.name):
                yield self._mistake(use, target.name, shape)

    def _mistake(self, use: ColumnUse, relation: str, shape: tuple[str, ...]) -> Mistake:
        message = f"column {use.name} of {relation} does not exist"
        return mistake(use, self.path, self.owner or relation, message, shape)
