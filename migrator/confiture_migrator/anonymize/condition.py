"""Conditions of a profile → SQL and Python with the same answer, three-valued logic included.

What can be compared is decided by the type of the column: texts by their characters (`COLLATE "C"`), numbers as numbers,
uuids as uuids, dates and time stamps as such, booleans and enums for equality.
"""

import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from confiture_linter.profiles.condition import (
    All,
    AnyOf,
    Compare,
    Condition,
    Field,
    In,
    IsNull,
    Like,
    Literal,
    Not,
)
from confiture_migrator.anonymize.sql_text import identifier, literal
from confiture_migrator.anonymize.strategies.calendar import moment
from confiture_migrator.anonymize.strategies.values import ROW, Row, Setting, Unfit

Truth = bool | None
_DATES = ("date", "timestamp", "timestamptz")
_CASTS = {"uuid": "uuid", "date": "date", "timestamp": "timestamp", "timestamptz": "timestamptz", "integer": "numeric", "numeric": "numeric", "float": "float8", "boolean": "boolean"}  # fmt: skip


class _Side(NamedTuple):
    """One side of a comparison."""

    kind: str
    sql: str
    python: Callable[[Row], Any]
    """The value in a form that Python compares as PostgreSQL compares it; None for NULL."""


def condition_sql(condition: Condition, setting: Setting) -> str:
    """A boolean expression; raises `Unfit` for columns that are not there or compare with what they cannot be."""
    match condition:
        case All(conditions):
            return "(" + " AND ".join(condition_sql(each, setting) for each in conditions) + ")"
        case AnyOf(conditions):
            return "(" + " OR ".join(condition_sql(each, setting) for each in conditions) + ")"
        case Not(inner):
            return f"(NOT {condition_sql(inner, setting)})"
        case IsNull(Field(name), negated):
            text = "::text" if setting.other(name).type.kind == "composite" else ""
            return f"({ROW}.{identifier(name)}{text} IS {'NOT ' if negated else ''}NULL)"
        case Field(name):
            return _boolean(name, setting).sql
        case Like(Field(name), pattern, negated):
            return (
                f"({_text(name, setting).sql} {'NOT ' if negated else ''}LIKE {literal(pattern)} ESCAPE '')"
            )
        case In(operand, items, negated):
            left = _field(operand, setting)
            listed = ", ".join(_value(item, left.kind, operand.name).sql for item in items)
            return f"({left.sql} {'NOT ' if negated else ''}IN ({listed}))"
        case Compare(op, _, _):
            left, right = _sides(condition, setting)
            return f"({left.sql} {op} {right.sql})"


def condition_python(condition: Condition, setting: Setting) -> Callable[[Row], Truth]:
    """The same as a function of the row."""
    match condition:
        case All(conditions):
            parts = [condition_python(each, setting) for each in conditions]
            return lambda row: _all([part(row) for part in parts])
        case AnyOf(conditions):
            parts = [condition_python(each, setting) for each in conditions]
            return lambda row: _not(_all([_not(part(row)) for part in parts]))
        case Not(inner):
            negated_part = condition_python(inner, setting)
            return lambda row: _not(negated_part(row))
        case IsNull(Field(name), negated):
            return lambda row: (row[name] is None) != negated
        case Field(name):
            return _boolean(name, setting).python
        case Like(Field(name), pattern, negated):
            return _like(_text(name, setting), pattern, negated)
        case In(operand, items, negated):
            return _in(operand, items, negated, setting)
        case Compare(op, _, _):
            left, right = _sides(condition, setting)
            test = _TESTS[op]
            return lambda row: _compared(test, left.python(row), right.python(row))


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compared(test: Callable[[Any, Any], bool], left: Any, right: Any) -> Truth:
    return None if left is None or right is None else test(left, right)


def _all(truths: list[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _in(
    operand: Field, items: tuple[Literal, ...], negated: bool, setting: Setting
) -> Callable[[Row], Truth]:
    left = _field(operand, setting)
    values = [_value(item, left.kind, operand.name).python({}) for item in items]

    def test(row: Row) -> Truth:
        value = left.python(row)
        return None if value is None else (value in values) != negated

    return test


def _like(side: _Side, pattern: str, negated: bool) -> Callable[[Row], Truth]:
    spelt = "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    matcher = re.compile(spelt, re.DOTALL)

    def test(row: Row) -> Truth:
        text = side.python(row)
        return None if text is None else (matcher.fullmatch(text.decode()) is not None) != negated

    return test


def _sides(condition: Compare, setting: Setting) -> tuple[_Side, _Side]:
    left, right = condition.left, condition.right
    if isinstance(left, Field) and isinstance(right, Field):
        one, other = _field(left, setting), _field(right, setting)
        if one.kind != other.kind and {one.kind, other.kind} != {"integer", "numeric"}:
            raise Unfit(f"condition: {left.name} and {right.name} are of types that are not compared")
    elif isinstance(left, Field) and isinstance(right, Literal):
        one = _field(left, setting)
        other = _value(right, one.kind, left.name)
    elif isinstance(right, Field) and isinstance(left, Literal):
        other = _field(right, setting)
        one = _value(left, other.kind, right.name)
    else:
        raise Unfit("condition: a comparison needs a column of the row")
    if condition.op not in ("=", "<>") and "enum" in (one.kind, other.kind):
        raise Unfit("condition: values of an enum are compared by = and <> only")
    return one, other


def _boolean(name: str, setting: Setting) -> _Side:
    side = _field(Field(name), setting)
    if side.kind != "boolean":
        raise Unfit(f"condition: {name} is no boolean; compare it with something")
    return side


def _text(name: str, setting: Setting) -> _Side:
    side = _field(Field(name), setting)
    if side.kind != "text":
        raise Unfit(f"condition: LIKE is for texts, and {name} is none")
    return side


def _field(field: Field, setting: Setting) -> _Side:
    name = field.name
    column = setting.other(name)
    kind = column.type.kind
    if column.type.array or kind not in (*_CASTS, "text", "enum"):
        raise Unfit(f"condition: a column of type {column.written} is not compared; IS NULL is possible")
    raw = f"{ROW}.{identifier(name)}"
    sql = f'({raw}::text COLLATE "C")' if kind in ("text", "enum") else f"({raw}::{_CASTS[kind]})"

    def python(row: Row) -> Any:
        text = row[name]
        return None if text is None else _parsed(kind, text)

    return _Side(kind, sql, python)


def _value(value: Literal, kind: str, column: str) -> _Side:
    """A literal beside a column of a kind."""
    wanted = {"boolean": "true or false", "integer": "a number", "numeric": "a number", "float": "a number"}
    given = value.value
    fits = (
        isinstance(given, bool)
        if kind == "boolean"
        else value.number == (kind in wanted) and isinstance(given, str)
    )
    if not fits:
        raise Unfit(f"condition: {column} is compared with {wanted.get(kind, 'a text in quotes')}")
    if isinstance(given, bool):
        return _Side(kind, "true" if given else "false", lambda _row: given)
    text = str(given)
    try:
        parsed = _parsed(kind, str(uuid.UUID(text)) if kind == "uuid" else text)
    except ValueError:
        parsed = None
    if parsed is None or (kind in _DATES and not _dated(kind, text)):
        form = "2024-12-31" if kind == "date" else "2024-12-31 23:59:59"
        raise Unfit(f"condition: {text!r} is no {kind}" + (f"; write '{form}'" if kind in _DATES else ""))
    cast = f"::{_CASTS[kind]}" if kind in _CASTS else ""
    return _Side(kind, f"{literal(text)}{cast}", lambda _row: parsed)


def _dated(kind: str, text: str) -> bool:
    found = moment(text)
    return found is not None and (not found.timed if kind == "date" else True)


def _parsed(kind: str, text: str) -> Any:
    """A text of PostgreSQL's in a form that compares alike; raises ValueError for what is none."""
    if kind in ("text", "enum"):
        return text.encode()  # UTF-8 sorts as code points do, and as COLLATE "C" does in UTF-8
    if kind == "boolean":
        return text == "true"
    if kind in ("integer", "numeric"):
        return _ordered(Decimal(text))
    if kind == "float":
        return _ordered(float(text))
    if kind == "uuid":
        return text
    if text in ("infinity", "-infinity"):
        return (float(text), 0, "")
    found = moment(text)
    return found.order() if found else None


def _ordered(number: Any) -> tuple[int, Any]:
    """PostgreSQL's NaN equals itself and is greater than all other numbers."""
    return (1, 0) if number != number else (0, number)
