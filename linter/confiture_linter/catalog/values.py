"""Works expressions of scripts out: strings put together, comparisons, questions about the catalog.

A value is text, a truth value, a list, or nothing (NULL, Python's None); `UNKNOWN` is whatever cannot be told.
Inside a text that is known but for a part, `HOLE` stands for that part.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Function
from confiture_linter.catalog.system_views import rows_of
from confiture_linter.model import quote_identifier
from confiture_linter.statements.facts import Value

HOLE = "\0"


class _Unknown:
    """The one value that cannot be told."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
Known = Any
"""str, bool, list, None or UNKNOWN."""
Environment = Mapping[str, Known]


class Values:
    """Evaluates over one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def of(self, value: Value, names: Environment) -> Known:
        """The value of an expression, given the variables."""
        kind = value.kind
        if kind in ("string", "number"):
            return value.text
        if kind == "boolean":
            return value.text == "true"
        if kind == "null":
            return None
        if kind == "variable":
            return names.get(value.text.lower(), UNKNOWN)
        if kind == "call" and value.text == "count":
            return names.get(_COUNT, UNKNOWN)
        if kind == "exists":
            rows, sure = self.rows(value.parts[0], names)
            return bool(rows) if sure else (False if not rows and rows is not None else UNKNOWN)
        if kind in ("scalar", "array of"):
            return self._selected(value, names)
        handler = _HANDLERS.get(kind)
        if handler is None:
            return UNKNOWN
        parts = [self.of(part, names) for part in value.parts]
        if kind == "call" and value.text.rpartition(".")[2] in _REGISTERED and len(parts) == 1:
            return self._registered(value.text.rpartition(".")[2], parts[0])
        return handler(value.text, parts)

    def _registered(self, function: str, name: Known) -> Known:
        """What `to_regclass` and its kin find; a text stands for the oid, and nothing for none."""
        if not isinstance(name, str) or HOLE in name or name.count(".") > 1:
            return None if name is None else UNKNOWN
        schema, _, bare = (part if '"' in part else part.lower() for part in name.partition("."))
        if not bare:
            schema, bare = "", schema
        schema, bare = schema.strip('"'), bare.strip('"')
        if function == "to_regnamespace":
            return bare if bare in self.catalog.schemas or bare == "public" else None
        if function == "to_regclass":
            found: Any = self.catalog.relation(schema, bare)
            system = self.catalog.builtin.has_relation(schema or "pg_catalog", bare)
        else:
            found = self.catalog.type(schema, bare) or self.catalog.relation(schema, bare)
            system = self.catalog.builtin.has_type(bare)
        if found is None:
            return UNKNOWN if system else None
        return found.identity

    def _selected(self, value: Value, names: Environment) -> Known:
        rows, sure = self.rows(value.parts[0], names)
        if not sure or rows is None:
            return UNKNOWN
        column = [next(iter(row.values()), UNKNOWN) for row in rows]
        if value.kind == "array of":
            return column
        return column[0] if len(column) == 1 else (None if not column else UNKNOWN)

    def rows(self, query: Value, names: Environment) -> tuple[list[dict[str, Known]] | None, bool]:
        """The rows of a query, and whether they are certain; None for rows that cannot be told at all."""
        if query.kind == "values":
            return [
                {f"column{n}": self.of(v, names) for n, v in enumerate(row.parts, 1)} for row in query.parts
            ], True
        if query.kind != "query":
            return None, False
        source, condition, *outputs = query.parts
        if source.kind == "join" and not source.parts and len(outputs) == 1:
            asked = self._asked(outputs[0].parts[0])
            if asked is not None:
                return asked
        found, sure = self._source(source, names)
        if found is None:
            return None, False
        kept = []
        for row in found:
            inner = {**names, **row}
            holds = self.of(condition, inner)
            if holds is UNKNOWN:
                sure = False
            if holds is True or holds is UNKNOWN:
                kept.append(self._output(outputs, inner, row))
        if any(map(_counts, outputs)):
            number = {**names, _COUNT: str(len(kept)) if sure else UNKNOWN}
            return [self._output(outputs, number, {})], sure
        return kept, sure

    def _output(
        self, outputs: list[Value], inner: dict[str, Known], row: dict[str, Known]
    ) -> dict[str, Known]:
        found: dict[str, Known] = {}
        for number, output in enumerate(outputs):
            if output.parts and output.parts[0].kind == "unknown" and not output.text:
                found |= row  # `*`, or something that is not known
            else:
                found[output.text or f"column{number + 1}"] = self.of(output.parts[0], inner)
        return found or row

    def _source(self, source: Value, names: Environment) -> tuple[list[dict[str, Known]] | None, bool]:
        if source.kind == "join":
            return self._product(source.parts, names)
        if source.kind == "relation":
            rows = rows_of(self.catalog, source.text)
            if rows is None:
                return None, False
            alias = source.parts[0].text
            return [{**row, **{f"{alias}.{name}": text for name, text in row.items()}} for row in rows], True
        if source.kind == "subselect":
            found, sure = self.rows(source.parts[0], names)
            given = [part.text for part in source.parts[1:]]
            if found is None or not given:
                return found, sure
            return [dict(zip(given, row.values(), strict=False)) for row in found], sure
        if source.kind == "function" and source.parts[0].text.rpartition(".")[2] == "unnest":
            items = self.of(source.parts[0].parts[0], names) if source.parts[0].parts else UNKNOWN
            if isinstance(items, list):
                return [{source.text or "unnest": item} for item in items], True
        return None, False

    def _asked(self, call: Value) -> tuple[list[dict[str, Known]] | None, bool] | None:
        """The rows of a function of the tree that asks the system; None if it is no such call."""
        if call.kind != "call" or call.parts:
            return None
        schema, _, name = call.text.rpartition(".")
        for function in self.catalog.overloads(schema, name):
            body = function.fact.body if isinstance(function, Function) else None
            if body is not None and len(body.script) == 1 and body.script[0].kind == "leave":
                return self.rows(body.script[0].value, {})
        return None

    def _product(
        self, sources: tuple[Value, ...], names: Environment
    ) -> tuple[list[dict[str, Known]] | None, bool]:
        found: list[dict[str, Known]] = [{}]
        certain = True
        for source in sources:
            rows, sure = self._source(source, names)
            if rows is None or len(found) * len(rows) > _MOST_ROWS:
                return None, False
            certain = certain and sure
            found = [{**one, **other} for one in found for other in rows]
        return found, certain


def _counts(value: Value) -> bool:
    """Whether an expression counts rows."""
    return (value.kind == "call" and value.text == "count") or any(map(_counts, value.parts))


_REGISTERED = frozenset({"to_regclass", "to_regtype", "to_regnamespace"})

_COUNT = "count(*)"
"""Stands for the number of rows among the names of variables."""

_MOST_ROWS = 20_000
"""A join that has more rows than this before its condition is not worked out."""


# -- functions and operators ---------------------------------------------------------------------------


def _text(value: Known) -> str:
    if value is UNKNOWN:
        return HOLE
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _concatenate(parts: list[Known]) -> Known:
    if None in parts:
        return None
    if any(isinstance(part, list) for part in parts):
        return UNKNOWN
    return "".join(map(_text, parts))


def _call(name: str, parts: list[Known]) -> Known:
    schema, _, bare = name.rpartition(".")
    if schema not in ("", "pg_catalog"):
        return UNKNOWN
    function = _FUNCTIONS.get(bare)
    return function(parts) if function is not None else UNKNOWN


def _quoted(name: str) -> str:
    """A name as quote_ident writes it; one with a hole is filled in later, and needs no quotes for that."""
    return name if HOLE in name else quote_identifier(name)


def _literal(value: Known) -> str:
    return "NULL" if value is None else "'" + _text(value).replace("'", "''") + "'"


_DIRECTIVE = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")


def _format(parts: list[Known]) -> Known:
    if not parts or not isinstance(parts[0], str):
        return UNKNOWN
    rest = parts[1:]
    position = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal position
        if found[2] == "%":
            return "%"
        at = int(found[1]) - 1 if found[1] else position
        position = at + 1
        item = rest[at] if at < len(rest) else UNKNOWN
        if found[2] == "I":
            return _quoted(_text(item))
        return _literal(item) if found[2] == "L" else _text(item)

    return _DIRECTIVE.sub(replaced, parts[0])


def _one(function: Callable[[str], Known]) -> Callable[[list[Known]], Known]:
    """A function of one text: strict."""
    return lambda parts: (
        (None if parts[0] is None else function(_text(parts[0])))
        if len(parts) == 1 and not isinstance(parts[0], list)
        else UNKNOWN
    )


def _replace(parts: list[Known]) -> Known:
    if len(parts) != 3 or not all(isinstance(part, str) for part in parts):
        return UNKNOWN
    return parts[0].replace(parts[1], parts[2])


def _split_part(parts: list[Known]) -> Known:
    if len(parts) != 3 or not all(isinstance(part, str) and HOLE not in part for part in parts):
        return UNKNOWN
    fields = parts[0].split(parts[1])
    number = int(parts[2]) if parts[2].isdecimal() else 0
    if number < 1:
        return UNKNOWN
    return fields[number - 1] if number <= len(fields) else ""


def _concat_ws(parts: list[Known]) -> Known:
    return _text(parts[0]).join(_text(part) for part in parts[1:] if part is not None) if parts else UNKNOWN


_FUNCTIONS: dict[str, Callable[[list[Known]], Known]] = {
    "concat": lambda parts: (
        "".join(map(_text, parts)) if not any(isinstance(p, list) for p in parts) else UNKNOWN
    ),
    "concat_ws": _concat_ws,
    "format": _format,
    "quote_ident": _one(_quoted),
    "quote_literal": _one(_literal),
    "quote_nullable": lambda parts: _literal(parts[0]) if len(parts) == 1 else UNKNOWN,
    "lower": _one(lambda text: text.lower()),
    "upper": _one(lambda text: text.upper()),
    "trim": _one(lambda text: text.strip(" ")),
    "btrim": _one(lambda text: text.strip(" ")),
    "replace": _replace,
    "split_part": _split_part,
    "pg_table_is_visible": lambda _parts: True,
    "current_schema": lambda _parts: "public",
}


def _compare(operator: str, parts: list[Known]) -> Known:
    if operator == "||":
        return _concatenate(parts)
    left, right = parts
    if left is None or right is None:
        return None
    if (
        operator in ("like", "not like")
        and isinstance(left, str)
        and isinstance(right, str)
        and HOLE not in left + right
    ):
        pattern = re.escape(right).replace("%", ".*").replace("_", ".")
        return (re.fullmatch(pattern, left, re.DOTALL) is not None) == (operator == "like")
    if (
        operator in ("~", "!~")
        and isinstance(left, str)
        and isinstance(right, str)
        and HOLE not in left + right
    ):
        if not _PLAIN_REGEX.fullmatch(right):
            return UNKNOWN
        return (re.search(right, left) is not None) == (operator == "~")
    if _unsure(left) or _unsure(right) or operator not in ("=", "<>", "!="):
        return UNKNOWN
    return (_text(left) == _text(right)) == (operator == "=")


_PLAIN_REGEX = re.compile(r"[\w\s^$.*+?|()-]*")
"""Regular expressions that mean the same to PostgreSQL and to Python."""


def _unsure(value: Known) -> bool:
    return value is UNKNOWN or isinstance(value, list) or (isinstance(value, str) and HOLE in value)


def _all(_text: str, parts: list[Known]) -> Known:
    if False in parts:
        return False
    return UNKNOWN if UNKNOWN in parts else (None if None in parts else True)


def _any(_text: str, parts: list[Known]) -> Known:
    if True in parts:
        return True
    return UNKNOWN if UNKNOWN in parts else (None if None in parts else False)


def _member(left: Known, items: list[Known]) -> Known:
    if _unsure(left) or any(map(_unsure, items)):
        return UNKNOWN
    return None if left is None else _text(left) in [_text(item) for item in items]


def _negated(value: Known) -> Known:
    return not value if isinstance(value, bool) else value


def _cast(kind: str, parts: list[Known]) -> Known:
    value = parts[0]
    if kind in ("bool", "boolean") and isinstance(value, str) and not _unsure(value):
        return value.lower() in ("t", "true", "yes", "on", "1")
    return value


def _null_test(value: Known) -> Known:
    return UNKNOWN if value is UNKNOWN else value is None


_HANDLERS: dict[str, Callable[[str, list[Known]], Known]] = {
    "operator": _compare,
    "and": _all,
    "or": _any,
    "not": lambda _text, parts: _negated(parts[0]),
    "in": lambda _text, parts: _member(parts[0], parts[1:]),
    "not in": lambda _text, parts: _negated(_member(parts[0], parts[1:])),
    "any": lambda _text, parts: _member(parts[0], parts[1]) if isinstance(parts[1], list) else UNKNOWN,
    "call": _call,
    "cast": _cast,
    "is null": lambda _text, parts: _null_test(parts[0]),
    "is not null": lambda _text, parts: _negated(_null_test(parts[0])),
    "coalesce": lambda _text, parts: next((part for part in parts if part is not None), None),
    "array": lambda _text, parts: parts,
    "range": lambda _text, parts: _numbers(parts),
}

_LONGEST_LOOP = 1000


def _numbers(parts: list[Known]) -> Known:
    if not all(isinstance(part, str) and part.lstrip("-").isdecimal() for part in parts):
        return UNKNOWN
    low, high = int(parts[0]), int(parts[1])
    return [str(number) for number in range(low, high + 1)] if high - low < _LONGEST_LOOP else UNKNOWN
