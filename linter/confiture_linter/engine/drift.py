"""Where the schema tree and the change scripts disagree about what the schema is."""

from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Function, Table, View
from confiture_linter.catalog.entities import Entity, Named
from confiture_linter.catalog.types import format_type
from confiture_linter.engine.rewind import Rewound
from confiture_linter.model import Span
from confiture_linter.statements.facts import TypeName


class Drift(Entity):
    """One disagreement between tree and change scripts; a subject of rules."""

    __slots__ = ("message", "object")

    kind = "drift"

    def __init__(self, path: str, span: Span, object: str, message: str) -> None:
        super().__init__(path, span)
        self.object = object
        self.message = message

    @property
    def identity(self) -> str:
        """What it is about."""
        return self.object


def drift_shown(rewound: Rewound) -> list[Drift]:
    """What some scripts make and the tree does not have, although it shows what others make."""
    if not rewound.shows:
        return []
    return [
        Drift(item.path, Span(item.at, -2), item.object, f"the schema tree does not show {_SAID[item.what]}")
        for item in rewound.absent
    ]


_SAID = {
    "table": "this table",
    "index": "this index",
    "column": "this column",
    "constraint": "this constraint",
    "type": "this type of the column",
    "not null": "that the column is NOT NULL",
}


def drift_between(tree: Catalog, scripts: Catalog) -> list[Drift]:
    """What differs between a schema tree and what change scripts make from nothing."""
    found: list[Drift] = []
    for one, other, there in ((scripts, tree, "the schema tree"), (tree, scripts, "the migrations")):
        for entity in _objects(one):
            twin = _twin(entity, other)
            if twin is None:
                name = f"{entity.kind.replace('_', ' ')} {entity.identity}"
                found.append(Drift(entity.path, entity.span, entity.identity, f"{name} is not in {there}"))
    for table in tree.tables:
        twin = scripts.relations.get((table.schema, table.name))
        if isinstance(twin, Table) and not (table.unknown_columns or twin.unknown_columns):
            found += _columns(tree, table, scripts, twin)
    return found


def _objects(catalog: Catalog) -> Iterator[Named]:
    yield from (table for table in catalog.tables if not table.unknown_columns)
    yield from catalog.views
    yield from catalog.routines


def _twin(entity: Named, other: Catalog) -> Entity | None:
    if isinstance(entity, Table | View):
        return other.relations.get((entity.schema, entity.name))
    if isinstance(entity, Function):
        group = other.functions.get((entity.schema, entity.name), [])
        same = [f for f in group if getattr(f, "signature", "") == entity.signature]
        return same[0] if same else None
    return entity


def _columns(tree: Catalog, table: Table, scripts: Catalog, twin: Table) -> Iterator[Drift]:
    for name, column in table.columns.items():
        made = twin.columns.get(name)
        if made is None:
            yield Drift(
                column.path, column.span, column.identity, f"no migration makes column {column.identity}"
            )
            continue
        here, there = _type(tree, column.type), _type(scripts, made.type)
        if here != there and here and there:
            yield Drift(
                column.type_path,
                Span(column.type.at, -2),
                column.identity,
                f"column {column.identity} is {here} here and {there} after the migrations",
            )
        elif _required(table, name) != _required(twin, name):
            said = ("NOT NULL", "nullable") if _required(table, name) else ("nullable", "NOT NULL")
            yield Drift(
                column.path,
                column.span,
                column.identity,
                f"column {column.identity} is {said[0]} here and {said[1]} after the migrations",
            )
    for name, made in twin.columns.items():
        if name not in table.columns:
            yield Drift(
                made.path, made.span, made.identity, f"column {made.identity} is not in the schema tree"
            )


def _type(catalog: Catalog, written: TypeName) -> str:
    if written.percent_type or not written.name:
        return ""
    return format_type(catalog.type_schema(written), written)


def _required(table: Table, column: str) -> bool:
    return table.columns[column].not_null or column in table.identity_columns


__all__ = ["Drift", "drift_between", "drift_shown"]
