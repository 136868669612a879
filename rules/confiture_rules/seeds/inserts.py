"""Every INSERT of the tree, the table it writes, and how the table changes after it has run."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Function, Table
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import AlterTable, DoBlock, Drop, Execute, Query, Rename, Statement
from confiture_linter.statements.summarise import nested_queries

RESHAPING = frozenset({"AddColumn", "DropColumn", "rename"})
"""Changes after which a table has other columns than an earlier INSERT saw."""

_WORD = re.compile(r"\w+")


class Insert(NamedTuple):
    """One INSERT into a table whose columns are known."""

    path: str
    query: Query
    table: Table
    function: Function | None
    """The function in whose body it stands; None for one that runs while the tree is built."""
    later: frozenset[str]
    """What changes the table after the INSERT has run: kinds of ALTER TABLE, `rename`, `drop index`."""
    dynamic: bool
    """Whether a DO block may change the table by dynamic SQL."""

    @property
    def at(self) -> int:
        """Where the name of the table is written."""
        return self.query.target.at if self.query.target is not None else self.query.at

    @property
    def identity(self) -> str:
        """What findings call it: the function it stands in, else the table."""
        return self.function.identity if self.function is not None else self.table.identity

    @property
    def gives_rows(self) -> bool:
        """Whether it gives values at all, and not DEFAULT VALUES."""
        return self.query.insert_query >= 0 or bool(self.query.rows)


def inserts(ctx: Context) -> list[Insert]:
    """All INSERTs whose table is known; of a history only those in function bodies."""
    found: list[Insert] = ctx.memo("seeds.inserts", lambda: list(_inserts(ctx.catalog, ctx.history)))
    return found


def widths(insert: Insert, ctx: Context) -> tuple[int, ...]:
    """How many values a row has, once per distinct number; empty where that is not known."""
    query = insert.query
    if query.insert_query < 0:
        return () if _has_star(query) else query.rows
    source = query.children[query.insert_query]
    if source.command == "values":
        return () if _has_star(source) else source.rows
    shape = ctx.shapes.query(source, ctx.shapes.bound(query, {}))
    return () if shape is None or "*" in shape else (len(shape),)


def _has_star(query: Query) -> bool:
    """Whether `record.*` stands among the values."""
    return any(use.name == "*" for use in query.columns)


def _inserts(catalog: Catalog, history: bool) -> Iterator[Insert]:
    edges = catalog.edges
    words = set(_dynamic_words(catalog))
    targets = {(e.where.path, e.ref.at): e.target for e in edges if e.ref.use == "insert"}
    for path, query, function, later in _queries(catalog, history):
        table = targets.get((path, query.target.at)) if query.target is not None else None
        if query.command != "insert" or not isinstance(table, Table) or table.unknown_columns:
            continue
        if function is not None and not _still_there(catalog, table, query):
            continue
        kinds = frozenset(kind for name, kind in later if name in ("", table.name))
        yield Insert(path, query, table, function, kinds, table.name in words)


def _still_there(catalog: Catalog, table: Table, query: Query) -> bool:
    """Whether the table a body names is neither dropped, made anew nor renamed after the function."""
    name = query.target.name if query.target is not None else ""
    return catalog.relations.get((table.schema, name)) is table


def _dynamic_words(catalog: Catalog) -> Iterator[str]:
    """Words of the SQL that DO blocks put together."""
    for where in catalog.statements:
        fact = where.statement.fact
        if type(fact) is DoBlock and fact.body is not None:
            for dynamic in fact.body.dynamic:
                yield from _WORD.findall(dynamic.text)


Change = tuple[str, str]
"""Name of a table (empty: of any) and what happens to it."""


def _queries(
    catalog: Catalog, history: bool
) -> Iterator[tuple[str, Query, Function | None, frozenset[Change]]]:
    """Every query level with what happens after it."""
    for function in catalog.routines:
        body = function.fact.body
        for query in body.queries if body is not None else ():
            for inner in nested_queries(query):
                yield function.path, inner, function, frozenset()
    later: frozenset[Change] = frozenset()
    for where in () if history else reversed(catalog.statements):
        statement = where.statement
        fact = statement.fact
        if type(fact) is Execute:
            queries = statement.queries
        elif type(fact) is DoBlock and fact.body is not None:
            queries = fact.body.queries
            for nested in fact.body.statements:
                later |= _changes(nested)
        else:
            changes = _changes(statement)
            later = later | changes if changes else later
            continue
        for query in queries:
            for inner in nested_queries(query):
                yield where.path, inner, None, later


def _changes(statement: Statement) -> frozenset[Change]:
    fact = statement.fact
    if type(fact) is AlterTable:
        return frozenset((fact.name, command.kind) for command in fact.commands)
    if type(fact) is Rename and fact.target.parts:
        if fact.kind == "column":
            return frozenset({(fact.target.parts[-1], "rename")})
        return frozenset({(fact.new, "rename"), (fact.target.parts[-1], "rename")})
    if type(fact) is Drop and any(target.kind == "index" for target in fact.targets):
        return frozenset({("", "drop index")})
    return frozenset()
