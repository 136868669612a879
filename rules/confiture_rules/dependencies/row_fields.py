"""Fields of row variables that cannot exist: records, %ROWTYPE, composite arguments, NEW and OLD."""

from collections.abc import Iterator

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.entities import Function, Trigger
from confiture_linter.statements.facts import Argument, Body, ColumnUse, Row, TypeName
from confiture_rules.dependencies.mistakes import Mistake, mistake

Shape = tuple[str, ...] | None


def row_mistakes(
    shapes: Shapes,
    path: str,
    owner: str,
    body: Body,
    arguments: tuple[Argument, ...],
    triggers: list[Trigger],
) -> Iterator[Mistake]:
    """The fields of a body's rows that are certainly missing, and names that are no variable's."""
    for use in body.unknown:
        message = f"column {use.name} does not exist, nor a variable of that name"
        yield mistake(use, path, owner, message, body.variables)
    for row in body.rows:
        candidates = _shapes(shapes, row, arguments, triggers)
        if not candidates or None in candidates:
            continue
        known = {name for shape in candidates if shape is not None for name in shape}
        for use in row.uses:
            if use.name not in known and not _calls(shapes, use):
                yield mistake(use, path, owner, f"{row.name} has no field {use.name}", known)


def _shapes(
    shapes: Shapes, row: Row, arguments: tuple[Argument, ...], triggers: list[Trigger]
) -> list[Shape]:
    """Every shape that a row may have; None among them where one is not known."""
    if row.type is not None:
        kind = row.type if row.type.name else next((a.type for a in arguments if a.name == row.name), None)
        return [type_shape(shapes, kind) if kind is not None else None]
    if row.name in ("new", "old") and not row.queries:
        return [
            (*(shapes.relation(t.table) or ()), *_SYSTEM) if shapes.relation(t.table) else None
            for t in triggers
        ]
    found = [shapes.query(query, {}) for query in row.queries]
    return [None if shape is not None and "" in shape else shape for shape in found]


_SYSTEM = ("tableoid", "ctid", "xmin", "xmax", "cmin", "cmax")


def type_shape(shapes: Shapes, kind: TypeName) -> Shape:
    """The columns or attributes of a type; None where it is not known to be a row."""
    if kind.array or kind.percent_type:
        return None
    catalog = shapes.catalog
    composite = catalog.type(kind.schema, kind.name, catalog.default_path)
    if composite is not None:
        return tuple(composite.attributes) if composite.form == "composite" else None
    if not kind.schema and kind.name in catalog.temporary:
        return None
    return shapes.relation(catalog.relation(kind.schema, kind.name, catalog.default_path))


def _calls(shapes: Shapes, use: ColumnUse) -> bool:
    """Whether `row.name` may be the call `name(row)`."""
    return called_on_row(shapes, use.name)


def called_on_row(shapes: Shapes, name: str) -> bool:
    """Whether a function of one argument has the name of a field (functional notation)."""
    catalog = shapes.catalog
    group = catalog.overloads("", name, catalog.default_path)
    return any(not isinstance(item, Function) or item.accepts(1) for item in group)
