"""Which type a query's output has, as far as it is a column passed on or a cast."""

from typing import NamedTuple

from confiture_linter.catalog import Catalog, Table, View
from confiture_linter.catalog.types import canonical
from confiture_linter.statements.facts import Output, Query, Source, TypeName

_DEEPEST = 12
"""How many views and sub-queries a column is followed through."""


class Resolved(NamedTuple):
    """A type without its domain: a built-in one, or an enum or composite type of the tree."""

    name: str
    """`pg_type.typname`, or `schema.name`."""
    form: str
    """`builtin`, `enum` or `composite`."""


def output_type(query: Query, output: Output, catalog: Catalog, depth: int = 0) -> Resolved | None:
    """The type of one output; None where it is not known."""
    if output.type is not None:
        return resolved(output.type, catalog)
    use = output.column
    if use is None or use.name == "*" or depth > _DEEPEST:
        return None
    sources = [s for s in query.sources if s.alias == use.qualifier] if use.qualifier else query.sources
    if len(sources) != 1 or use.schema:
        return None
    return _column(sources[0], use.name, query, catalog, depth)


def _column(source: Source, name: str, query: Query, catalog: Catalog, depth: int) -> Resolved | None:
    if source.columns:
        return None
    if source.kind == "relation":
        found = catalog.relation(source.schema, source.name, catalog.default_path)
        if isinstance(found, Table):
            column = found.columns.get(name)
            return resolved(column.type, catalog) if column is not None else None
        if isinstance(found, View) and found.query is not None and not found.fact.columns:
            return _named(found.query, name, catalog, depth + 1)
    elif source.kind in ("query", "cte") and 0 <= source.query < len(query.children):
        return _named(query.children[source.query], name, catalog, depth + 1)
    return None


def _named(query: Query, name: str, catalog: Catalog, depth: int) -> Resolved | None:
    """The type of the output called `name`."""
    if query.command != "select":
        return None
    found = [output for output in query.outputs if output.name == name]
    return output_type(query, found[0], catalog, depth) if len(found) == 1 else None


def resolved(written: TypeName, catalog: Catalog, depth: int = 0) -> Resolved | None:
    """What a written type is beneath its domains; None if that is not known."""
    if written.percent_type or written.set_of or depth > _DEEPEST:
        return None
    name = canonical(written.name)
    if written.schema in ("", "pg_catalog") and catalog.builtin.type(name) is not None:
        return Resolved(f"_{name}" if written.array else name, "builtin")
    found = catalog.type(written.schema, written.name, catalog.default_path)
    if found is None or written.array:
        return None
    if found.form == "domain":
        return resolved(found.base, catalog, depth + 1) if found.base is not None else None
    return Resolved(found.identity, found.form) if found.form in ("enum", "composite") else None


def assignable(source: Resolved, target: Resolved, catalog: Catalog) -> bool:
    """Whether INSERT converts one type to the other by itself."""
    if source == target:
        return True
    if any(other.what == "cast" for other in catalog.others):
        return True
    if source.form == "builtin" and target.form == "builtin":
        cast = catalog.builtin.cast(source.name, target.name)
        return cast is not None and cast.context != "e"
    if target.form == "builtin":
        into = catalog.builtin.type(target.name)
        return into is None or into.category == "S"
    return False
