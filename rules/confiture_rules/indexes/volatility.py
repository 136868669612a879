"""Which calls and casts PostgreSQL certainly refuses where it wants IMMUTABLE."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Column, Function
from confiture_linter.catalog.builtin import BuiltinFunction
from confiture_linter.catalog.cast_volatility import given_mutably
from confiture_linter.statements.facts import Applied, Expression, Ref

VALUE_FUNCTIONS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user", "session_user",
     "current_role", "user", "current_catalog", "current_schema"}
)  # fmt: skip
"""Spelt without parentheses, and STABLE all of them."""

TEXTS = frozenset({"text", "varchar", "bpchar"})
READ_BY_SETTINGS = frozenset({"date", "time", "timetz", "timestamp", "timestamptz", "interval", "money"})
"""Types whose text is read according to DateStyle, TimeZone, IntervalStyle or lc_monetary."""
WRITTEN_BY_SETTINGS = frozenset({"date", "timestamp", "timestamptz", "interval", "money"})


class Mutable(NamedTuple):
    """Something in an expression that is not immutable."""

    what: str
    at: int


def mutable_part(catalog: Catalog, columns: Mapping[str, Column], expression: Expression) -> Mutable | None:
    """The first call or cast that is not IMMUTABLE, whichever overload is meant."""
    types = {
        name: _plain_type(catalog, columns.get(name))
        for item in expression.applied
        for name in item.arguments
    }
    for item in expression.applied:
        if item.cast and _is_mutable_cast(catalog, types[item.arguments[0]], item.name):
            return Mutable(f"the cast of {item.arguments[0]} to {item.name}", item.at)
    known = {item.at: item for item in expression.applied if not item.cast}
    for item in known.values():
        if _is_given_mutably(catalog, columns, item):
            return Mutable(
                f"the cast of {' and '.join(filter(None, item.arguments))} to what {item.name} takes", item.at
            )
    for ref in expression.refs:
        if ref.kind == "function" and ref.arguments >= 0:
            call = known.get(ref.at)
            given = [types.get(name, "") for name in call.arguments] if call is not None else []
            if _is_mutable_call(catalog, ref, given):
                return Mutable(ref.name, ref.at)
    return None


def _plain_type(catalog: Catalog, column: Column | None) -> str:
    """Name of the column's type if it is built in and no array; else empty."""
    if column is None or column.type.array or column.type.schema not in ("", "pg_catalog"):
        return ""
    return column.type.name if catalog.builtin.type(column.type.name) is not None else ""


def _is_mutable_cast(catalog: Catalog, source: str, target: str) -> bool:
    if source in TEXTS:
        return target in READ_BY_SETTINGS
    if target in TEXTS:
        return source in WRITTEN_BY_SETTINGS
    cast = (
        catalog.builtin.cast(source, target) if source and catalog.builtin.type(target) is not None else None
    )
    return cast is not None and cast.method == "f" and cast.volatility in "sv"


def _is_given_mutably(catalog: Catalog, columns: Mapping[str, Column], item: Applied) -> bool:
    """Whether a function of the tree, and of no other, gets its arguments by casts that are not immutable."""
    if item.schema in ("", "pg_catalog") and catalog.builtin.has_function(item.name):
        return False
    types = {name: columns[name].type for name in item.arguments if name in columns}
    own = _own(catalog, Ref("function", item.schema, item.name, item.at, "call"))
    return given_mutably(catalog.builtin, item, types, [function.fact.inputs for function in own])


def _is_mutable_call(catalog: Catalog, ref: Ref, given: list[str]) -> bool:
    """Whether the call has candidates, and none that PostgreSQL would take for immutable.

    SQL functions are inlined before PostgreSQL looks, so their own volatility decides nothing.
    """
    if ref.name in VALUE_FUNCTIONS and ref.schema in ("", "pg_catalog"):
        return True
    provided = _chosen(catalog, list(_provided(catalog, ref)), given)
    if any(function.volatility == "i" for function in provided):
        return False
    own = [function for function in _own(catalog, ref) if function.accepts(ref.arguments)]
    if any(function.volatility == "i" or function.language == "sql" for function in own):
        return False
    return bool(provided or own)


def _chosen(catalog: Catalog, candidates: list[BuiltinFunction], given: list[str]) -> list[BuiltinFunction]:
    """The overloads that take arguments of these types; those that take them as they are come first."""
    exact = [function for function in candidates if _fits(catalog, function, given, exactly=True)]
    return exact or [function for function in candidates if _fits(catalog, function, given, exactly=False)]


def _fits(catalog: Catalog, function: BuiltinFunction, given: list[str], *, exactly: bool) -> bool:
    for mine, wanted in zip(given, function.arguments, strict=False):
        if not mine or mine == wanted or wanted.startswith("any"):
            continue
        cast = None if exactly else catalog.builtin.cast(mine, wanted)
        if cast is None or cast.context != "i":
            return False
    return True


def _own(catalog: Catalog, ref: Ref) -> Iterator[Function]:
    """The tree's functions of that name; in any schema where the call names none."""
    for (schema, name), group in catalog.functions.items():
        if name == ref.name and ref.schema in ("", schema):
            yield from (item for item in group if isinstance(item, Function))


def _provided(catalog: Catalog, ref: Ref) -> Iterator[BuiltinFunction]:
    """What PostgreSQL, or else an extension, provides for the call."""
    builtin = catalog.builtin
    if ref.schema in ("", "pg_catalog") and builtin.has_function(ref.name):
        yield from (f for f in builtin.functions(ref.name) if f.accepts(ref.arguments))
        return
    for name in builtin.extension_providing_function(ref.name):
        contents = builtin.extension(name)
        for function in contents.functions if contents is not None else ():
            if function.name == ref.name and function.accepts(ref.arguments):
                yield function
