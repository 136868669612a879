"""Which rows of tenants a function reads or writes without saying whose."""

from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_rules.tenancy.lineage import lineage
from confiture_rules.tenancy.predicates import Level, Reading


def unbound_readings(function: Function, ctx: Context) -> list[Reading]:
    """The first unbound reading of every level at which nothing restricts the tenant."""
    known = cast("dict[int, list[Reading]]", ctx.memo("tenancy.unbound", dict))
    found = known.get(id(function))
    if found is None:
        found = known[id(function)] = list(_unbound(function, ctx))
    return found


def _unbound(function: Function, ctx: Context) -> Iterator[Reading]:
    body = function.fact.body
    if body is None or not lineage(ctx).concerns(function):
        return
    for level in lineage(ctx).levels(body.queries):
        if any(level.bound(reading) for reading in level.readings) or level.correlated() is not None:
            continue
        first = next((r for r in level.readings if r.relation is not None), None)
        if first is not None and not _follows_row(level) and not _keeps_tenants(level, function, ctx):
            yield first


def _follows_row(level: Level) -> bool:
    """Whether rows are found by a column of the row that fired a trigger."""
    columns = (use for equality in level.query.equalities for use in equality[:2] if use is not None)
    return any(use.qualifier in ("new", "old") for use in columns)


def _keeps_tenants(level: Level, function: Function, ctx: Context) -> bool:
    """Whether a function that is for all tenants passes the tenant of every row on, or looks it up."""
    column = ctx.tenancy.column
    arguments = function.fact.arguments
    if any(column in argument.name for argument in arguments if argument.mode in "ibv"):
        return False
    outer = level.outer
    while outer is not None and outer.query.command == "union":
        level, outer = outer, outer.outer
    if level.published in ("", "?"):
        return level.published == "?"
    if outer is not None and outer.query.command == "insert":
        body = function.fact.body
        return body is not None and not any(column in variable for variable in body.variables)
    returns = function.fact.returns
    return returns is not None and not returns.set_of and all(argument.mode != "t" for argument in arguments)
