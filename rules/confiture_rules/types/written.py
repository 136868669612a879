"""The types that columns write themselves, and how to change them."""

import re

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Edit, Finding, Fix, Span, quote_identifier


def built_in_type(column: Column) -> str:
    """The pg_type name of the built-in type that a column is given, arrays of it included; else empty.

    A column that LIKE copied is reported where it was copied from.
    """
    written = column.type
    if written.schema not in ("", "pg_catalog") or written.percent_type:
        return ""
    if column.table.fact.from_query and written is column.fact.type:
        return ""  # it comes from a query
    if column.table.fact.like and written is column.fact.type:
        places = {like.at for like in column.table.fact.like}
        return "" if column.fact.at in places else written.name
    return written.name


def type_finding(column: Column, message: str, new: str, using: str = "", fix: Fix | None = None) -> Finding:
    """A finding at the type of a column; the help changes it to `new`."""
    name = quote_identifier(column.name)
    conversion = f" USING {name} {using}" if using else ""
    return column.finding(
        message,
        at=column.type.at,
        path=column.type_path,
        help=f"use {new}; once there is data: ALTER TABLE {column.table.qualified} "
        f"ALTER COLUMN {name} TYPE {new}{conversion}",
        fix=fix,
    )


def retyped(column: Column, ctx: Context, spelling: re.Pattern[bytes], new: str) -> Fix | None:
    """Write another type in its place; not in a migration, which may have run already."""
    if ctx.history:
        return None
    match = spelling.match(ctx.text(column.type_path), max(column.type.at, 0))
    if match is None:
        return None
    return Fix(f"change the type to {new}", (Edit(column.type_path, Span(*match.span()), new),), safe=False)
