"""What the names of variables mean in a function body: which of them are rows, and with which fields."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Function
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import Body, CreateFunction, TypeName, Variable

Shape = tuple[str, ...] | None

_CATCHING = frozenset({"undefined_column", "undefined_table", "undefined_function", "undefined_object"})
"""Conditions that a body names to try what may be missing."""

_ASKS_FOR_TABLE = (
    b"tg_table_name",
    b"tg_relname",
    b"tg_relid",
    b"tg_argv",
    b"tg_nargs",
    b"tg_name",
    b"tg_table_schema",
)
"""What a trigger function reads to treat tables differently."""


class Names(NamedTuple):
    """The names that a body knows without a FROM clause."""

    variables: frozenset[str] = frozenset()
    rows: dict[str, Shape] = {}  # noqa: RUF012 - nobody writes to it
    """Variables that are rows, and their fields; None where those are not known."""
    labels: frozenset[str] = frozenset()
    """Labels of blocks and the function's own name, which qualify variables."""


NO_NAMES = Names()


def catches(body: Body) -> bool:
    """Whether the body is prepared for something to be missing."""
    return any(not _CATCHING.isdisjoint(handler.conditions) for handler in body.handlers)


def names_of(fact: CreateFunction | None, body: Body, row: Shape, shapes: Shapes) -> Names:
    """The names in a body; `row` are the columns of NEW and OLD."""
    rows: dict[str, Shape] = {}
    for name, shape in _declared(body, shapes):
        rows[name] = None if name in rows and rows[name] != shape else shape
    labels = set(body.labels)
    if fact is not None:
        labels.add(fact.name)
        for argument in fact.arguments:
            if argument.name:
                fields = type_fields(argument.type, shapes) if argument.name not in rows else None
                if fields is not None or argument.type.name in ("record", "anyelement"):
                    rows[argument.name] = fields
        if fact.returns is not None and fact.returns.name == "trigger":
            rows["new"] = rows["old"] = row
    return Names(frozenset(body.variables), rows, frozenset(labels))


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


def trigger_rows(function: Function | None, ctx: Context) -> list[Shape]:
    """What NEW and OLD may be in a trigger function, one item a table."""
    if function is None:
        return []
    attached: dict[str, list[Shape]] = ctx.memo("trigger-rows", lambda: _attached(ctx))
    return attached.get(function.id, [])


def _attached(ctx: Context) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for trigger in ctx.catalog.triggers:
        if trigger.function is not None:
            rows = found.setdefault(trigger.function.id, [])
            shape = ctx.shapes.relation(trigger.table)
            if shape not in rows:
                rows.append(shape)
    return found


def all_of(shapes: list[Shape]) -> Shape:
    """The columns that several relations have in common."""
    if not shapes or any(shape is None for shape in shapes):
        return None
    first, *others = (shape or () for shape in shapes)
    return tuple(name for name in first if all(name in other for other in others))


def tells_tables_apart(text: bytes) -> bool:
    """Whether the text of a trigger function asks which table it is for."""
    lowered = text.lower()
    return any(word in lowered for word in _ASKS_FOR_TABLE)
