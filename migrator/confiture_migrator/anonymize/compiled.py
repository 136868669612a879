"""A column and its strategy → what the table's SELECT says of it, and what Python does with the rest."""

import json
from collections.abc import Callable
from typing import NamedTuple

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Column, Table
from confiture_migrator.anonymize.sql_text import identifier
from confiture_migrator.anonymize.strategies import strategy
from confiture_migrator.anonymize.strategies.values import ROW, Compiled, Expression, Row, Setting
from confiture_migrator.anonymize.types import ColumnType


class Masked(NamedTuple):
    """What is to be selected for a column."""

    column: Column
    compiled: Compiled | None
    """None: the column is copied as it is."""
    sql: str
    """The expression: the result, or what Python makes the result of."""
    python: Callable[[str, Row], str | None] | None
    """Makes the result of the text that `sql` gives; None: that is the result."""


def compile_spec(spec: Spec, setting: Setting) -> Compiled:
    """The strategy for values of a type."""
    return strategy(spec.type)(spec, setting)


def masked(
    column: Column, spec: Spec | None, table: Table, keyring: Keyring, *, python: bool = False
) -> Masked:
    """Compile one column; `python`: as a function even where SQL could."""
    raw = f"{ROW}.{identifier(column.name)}"
    if spec is None or spec.type == "keep":
        return Masked(column, None, raw, None)
    inner = column.type.element if column.type.array else column.type
    setting = Setting(column, inner, table.columns, keyring, compile_spec)
    if column.type.array:
        setting = setting._replace(column=column._replace(not_null=False) if spec.type == "null" else column)
    compiled = compile_spec(spec, setting)
    if compiled.sql is not None and not python:
        sql = compiled.sql
        if column.type.array:
            element = sql(Expression("el.e", "el.e::text"))
            return Masked(column, compiled, _array_sql(raw, element, column.type), None)
        return Masked(
            column,
            compiled,
            f"CASE WHEN {there(raw, column.type)} IS NOT NULL THEN {sql(Expression(raw, f'{raw}::text'))} END",
            None,
        )
    if column.type.array:
        listed = (
            f"(SELECT array_agg(el.e::text ORDER BY el.n) FROM unnest({raw}) WITH ORDINALITY AS el(e, n))"
        )
        given = f"CASE WHEN {raw} IS NOT NULL THEN to_jsonb(coalesce({listed}, '{{}}'))::text END"
        return Masked(column, compiled, given, _array_python(compiled))
    return Masked(column, compiled, f"{raw}::text", compiled.python)


def there(raw: str, kind: ColumnType) -> str:
    """What is NULL where the value is: a row with a NULL in it is itself neither NULL nor NOT NULL to SQL."""
    return f"{raw}::text" if kind.kind == "composite" else raw


def _array_sql(raw: str, element: str, kind: ColumnType) -> str:
    each = f"CASE WHEN {there('el.e', kind)} IS NOT NULL THEN {element} END"
    listed = f"(SELECT array_agg({each} ORDER BY el.n) FROM unnest({raw}) WITH ORDINALITY AS el(e, n))"
    return f"CASE WHEN {raw} IS NOT NULL THEN coalesce({listed}, '{{}}')::text END"


def _array_python(compiled: Compiled) -> Callable[[str, Row], str | None]:
    def python(text: str, row: Row) -> str:
        items = [None if item is None else compiled.python(item, row) for item in json.loads(text)]
        return "{" + ",".join("NULL" if item is None else _quoted(item) for item in items) + "}"

    return python


def _quoted(item: str) -> str:
    """An element of an array, quoted where `array_out` quotes it."""
    plain = item and item.upper() != "NULL" and not any(c in '{},"\\' or c in " \t\n\r\v\f" for c in item)
    return item if plain else '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
