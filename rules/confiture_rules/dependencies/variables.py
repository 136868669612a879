"""What the names of variables mean in a function body: which of them are rows, and with which fields."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Function, Trigger
from confiture_linter.engine.context import Context
from confiture_linter.statements.body import ASKS_FOR_TABLE
from confiture_linter.statements.facts import (
    AlterTable,
    Body,
    CreateFunction,
    CreateTable,
    Rename,
    Statement,
    TypeName,
    Variable,
)

Shape = tuple[str, ...] | None

_CATCHING = frozenset({"undefined_column", "undefined_table", "undefined_function", "undefined_object"})
"""Conditions that a body names to try what may be missing."""


class Names(NamedTuple):
    """The names that a body knows without a FROM clause."""

    variables: frozenset[str] = frozenset()
    rows: dict[str, Shape] = {}  # noqa: RUF012 - nobody writes to it
    """Variables that are rows, and their fields; None where those are not known."""
    labels: frozenset[str] = frozenset()
    """Labels of blocks and the function's own name, which qualify variables."""
    scoped: tuple["Scoped", ...] = ()
    """Rows that mean something else in a part of the body."""

    def fields(self, name: str, at: int) -> Shape:
        """The fields of a row at a place; None where they are not known."""
        inner = [s for s in self.scoped if s.name == name and s.begin <= at < s.end]
        if inner:
            return min(inner, key=lambda scope: scope.end - scope.begin).fields
        return self.rows.get(name)


class Scoped(NamedTuple):
    """What a row is from one place to another."""

    name: str
    begin: int
    end: int
    fields: Shape


NO_NAMES = Names()


class Tables(NamedTuple):
    """The tables that a trigger function is for."""

    rows: dict[str, list[Shape]]
    """By name; there may be several of a name, in different schemas."""
    asks: int
    """How often the function asks which of them it is for."""

    def row(self, body: Body) -> Shape:
        """Columns of NEW and OLD outside branches for some of the tables.

        Those that all tables have. If the function asks for the table, nothing is known of what it does with the
        answer, unless it only branches on it.
        """
        shapes = [shape for group in self.rows.values() for shape in group]
        if not self.asks:
            return all_of(shapes)
        branching = self.asks == body.asked and not any(branch.leaves for branch in body.branches)
        return any_of(shapes) if branching else None

    def of(self, names: tuple[str, ...]) -> Shape:
        """The same where the table is one of `names`."""
        return all_of([shape for name in names for shape in self.rows.get(name, ())])


NO_TABLES = Tables({}, 0)


def catches(body: Body) -> bool:
    """Whether the body is prepared for something to be missing."""
    return any(not _CATCHING.isdisjoint(handler.conditions) for handler in body.handlers)


def names_of(fact: CreateFunction | None, body: Body, tables: Tables, shapes: Shapes) -> Names:
    """The names in a body; `tables` have the columns of NEW and OLD."""
    rows: dict[str, Shape] = {}
    for name, shape in _declared(body, shapes):
        rows[name] = any_of([rows[name], shape]) if name in rows else shape
    scoped = [*_scoped_variables(body, shapes), *_loops(body, shapes)]
    labels = set(body.labels)
    if fact is not None:
        labels.add(fact.name)
        for argument in fact.arguments:
            if argument.name:
                fields = type_fields(argument.type, shapes) if argument.name not in rows else None
                if fields is not None or argument.type.name in ("record", "anyelement"):
                    rows[argument.name] = fields
        if fact.returns is not None and fact.returns.name == "trigger":
            rows["new"] = rows["old"] = tables.row(body)
            for branch in body.branches:
                known = tables.of(branch.tables)
                scoped += (Scoped(name, branch.begin, branch.end, known) for name in ("new", "old"))
    return Names(frozenset(body.variables), rows, frozenset(labels), tuple(scoped))


def _scoped_variables(body: Body, shapes: Shapes) -> Iterator[Scoped]:
    """Variables of a name that several blocks declare."""
    for variable in body.declared:
        if variable.end > variable.begin and variable.type is not None:
            yield Scoped(variable.name, variable.begin, variable.end, _variable_fields(variable, {}, shapes))


def _loops(body: Body, shapes: Shapes) -> Iterator[Scoped]:
    """Records inside the loop that fills them, and nothing else does there."""
    for fill in body.fills:
        inside = [
            other for other in body.fills if other.name == fill.name and fill.begin < other.begin <= fill.end
        ]
        same = [other for other in body.fills if other.name == fill.name and other.begin == fill.begin]
        if fill.end > fill.begin and not inside and len(same) == 1:
            known = shapes.query(fill.query, {}) if fill.query is not None else None
            yield Scoped(fill.name, fill.begin, fill.end, known)


def temporary_tables(body: Body, tables: dict[str, Shape], shapes: Shapes) -> dict[str, Shape]:
    """Temporary tables that a body makes itself, beside the transition tables of its triggers."""
    found = dict(tables)
    made: dict[str, int] = {}
    changed: set[str] = set()
    for statement in body.statements:
        fact = statement.fact
        if isinstance(fact, CreateTable) and fact.persistence == "t":
            made[fact.name] = made.get(fact.name, 0) + 1
            found[fact.name] = _made_columns(fact, statement, shapes)
        elif isinstance(fact, AlterTable):
            changed.add(fact.name)
        elif isinstance(fact, Rename):
            changed.update((*fact.target.parts, fact.new))
    if body.dynamic:  # it may be altered there
        changed.update(name for name in made if any(name in d.text for d in body.dynamic))
    changed.update(name for name, count in made.items() if count > 1)
    found.update((name, None) for name in changed & found.keys())
    return found


def _made_columns(fact: CreateTable, statement: Statement, shapes: Shapes) -> Shape:
    """The columns of a table that is new for certain."""
    if fact.inherits or fact.partition_of or fact.of_type or fact.if_not_exists:
        return None
    if fact.from_query:
        shape = shapes.query(statement.queries[0], {}) if statement.queries else None
        given = fact.column_names
        return (*given, *shape[len(given) :]) if shape is not None else None
    names = [column.name for column in fact.columns]
    for like in fact.like:
        copied = shapes.relation(shapes.catalog.relation(like.schema, like.name, shapes.path))
        if copied is None:
            return None
        names += copied
    return tuple(names)


def array_variables(fact: CreateFunction | None, body: Body) -> dict[str, TypeName]:
    """Parameters that are arrays."""
    arguments = fact.arguments if fact is not None else ()
    declared = {variable.name for variable in body.declared}
    return {a.name: a.type for a in arguments if a.name and a.type.array and a.name not in declared}


def _declared(body: Body, shapes: Shapes) -> Iterator[tuple[str, Shape]]:
    types = {variable.name: variable for variable in body.declared}
    records = {variable.name for variable in body.declared if variable.type is None}
    records.update(fill.name for fill in body.fills if fill.name not in types)
    for variable in body.declared:
        if variable.type is not None:
            fields = _variable_fields(variable, types, shapes)
            if fields is not None or variable.row:
                yield variable.name, fields
    for name in sorted(records):
        yield name, _filled(name, body, shapes)


def _filled(name: str, body: Body, shapes: Shapes) -> Shape:
    """All fields that a record has at one time or another."""
    fields: dict[str, None] = {}
    filled = False
    for fill in body.fills:
        if fill.name != name:
            continue
        shape = shapes.query(fill.query, {}) if fill.query is not None else None
        if shape is None:
            return None
        filled = True
        fields.update(dict.fromkeys(shape))
    return tuple(fields) if filled else None


def _variable_fields(variable: Variable, types: dict[str, Variable], shapes: Shapes) -> Shape:
    type_ = variable.type
    if type_ is None:
        return None
    if type_.percent_type and not type_.schema:
        other = types.get(type_.name)
        return _variable_fields(other, {}, shapes) if other is not None else None
    return type_fields(type_, shapes)


def type_fields(type_: TypeName, shapes: Shapes) -> Shape:
    """The fields of a value of a type; None for scalars and for what is not known."""
    if type_.array or type_.set_of:
        return None
    if type_.percent_type:
        column = column_type(type_, shapes)
        return type_fields(column, shapes) if column is not None and not column.percent_type else None
    catalog = shapes.catalog
    composite = catalog.type(type_.schema, type_.name, shapes.path)
    if composite is not None:
        return tuple(composite.attributes) if composite.form == "composite" else None
    return shapes.relation(catalog.relation(type_.schema, type_.name, shapes.path))


def column_type(type_: TypeName, shapes: Shapes) -> TypeName | None:
    """The type of the column that %TYPE names."""
    schema, _, table = type_.schema.rpartition(".")
    relation = shapes.catalog.relation(schema, table, shapes.path)
    column = getattr(relation, "columns", {}).get(type_.name)
    found = getattr(column, "type", None)
    return found if isinstance(found, TypeName) and found.name else None


def triggers_of(function: Function, ctx: Context) -> list[Trigger]:
    """The triggers that run a function."""
    attached: dict[str, list[Trigger]] = ctx.memo("triggers-by-function", lambda: _attached(ctx))
    return attached.get(function.id, [])


def _attached(ctx: Context) -> dict[str, list[Trigger]]:
    found: dict[str, list[Trigger]] = {}
    for trigger in ctx.catalog.triggers:
        if trigger.function is not None:
            found.setdefault(trigger.function.id, []).append(trigger)
    return found


def tables_of(triggers: list[Trigger], shapes: Shapes, asks: int) -> Tables:
    """The tables of some triggers."""
    rows: dict[str, list[Shape]] = {}
    for trigger in triggers:
        rows.setdefault(trigger.table.name, []).append(shapes.relation(trigger.table))
    return Tables(rows, asks)


def transition_tables(triggers: list[Trigger], shapes: Shapes) -> dict[str, Shape]:
    """Transition tables by the name that REFERENCING gives them: all have the columns of their table."""
    found: dict[str, list[Shape]] = {}
    for trigger in triggers:
        for name in trigger.fact.transitions:
            found.setdefault(name, []).append(shapes.relation(trigger.table))
    return {name: all_of(rows) for name, rows in found.items()}


def any_of(shapes: list[Shape]) -> Shape:
    """The columns that any of several relations has."""
    if not shapes or any(shape is None for shape in shapes):
        return None
    return tuple(dict.fromkeys(name for shape in shapes for name in shape or ()))


def all_of(shapes: list[Shape]) -> Shape:
    """The columns that several relations have in common."""
    if not shapes or any(shape is None for shape in shapes):
        return None
    first, *others = (shape or () for shape in shapes)
    return tuple(name for name in first if all(name in other for other in others))


def times_asked(text: bytes) -> int:
    """How often the text of a trigger function asks which table it is for."""
    return len(ASKS_FOR_TABLE.findall(text.decode(errors="replace")))
