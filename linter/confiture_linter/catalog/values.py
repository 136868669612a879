"""Works expressions of scripts out: strings put together, comparisons, questions about the catalog.

`catalog.known` says what a value is, `catalog.script_functions` what PostgreSQL's functions and operators make of it.
"""

from typing import Any

from confiture_linter.catalog.catalog import Catalog
from confiture_linter.catalog.entities import Function
from confiture_linter.catalog.known import HOLE, UNKNOWN, Environment, Known
from confiture_linter.catalog.script_functions import HANDLERS
from confiture_linter.catalog.system_views import rows_of
from confiture_linter.statements.facts import Value


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
        handler = HANDLERS.get(kind)
        if handler is None:
            return UNKNOWN
        parts = [self.of(part, names) for part in value.parts]
        if kind == "cast" and f"to_{value.text}" in _REGISTERED:
            return self._registered(f"to_{value.text}", parts[0])
        if kind == "cast" and value.text in ("text", "varchar") and self._is_registered(value.parts[0]):
            schema, _, name = str(parts[0]).rpartition(".")
            return name if schema in self.catalog.search_path else parts[0]
        if kind == "call" and value.text.rpartition(".")[2] == "current_setting":
            return self._setting(parts)
        if kind == "call" and value.text.rpartition(".")[2] in _REGISTERED and len(parts) == 1:
            return self._registered(value.text.rpartition(".")[2], parts[0])
        return handler(value.text, parts)

    def _is_registered(self, value: Value) -> bool:
        return value.kind == "cast" and f"to_{value.text}" in _REGISTERED

    def _setting(self, parts: list[Known]) -> Known:
        """`current_setting`: the version, where that has been chosen."""
        if parts[:1] == ["server_version_num"] and self.catalog.postgres_declared:
            return f"{self.catalog.postgres}0000"
        return UNKNOWN

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
