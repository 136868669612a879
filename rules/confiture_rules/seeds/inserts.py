"""Every INSERT of the tree, the table it writes, and how the table changes after it has run."""

from collections.abc import Iterator
from typing import NamedTuple

from confiture_linter.catalog import Catalog, Function, Table
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import AlterTable, DoBlock, Drop, Execute, Query, Rename, Statement
from confiture_linter.statements.summarise import nested_queries

RESHAPING = frozenset({"AddColumn", "DropColumn", "rename"})
"""Changes after which a table has other columns than an earlier INSERT saw."""


class Insert(NamedTuple):
    """One INSERT into a table whose columns are known."""

    path: str
    query: Query
    table: Table
    function: Function | None
    """The function in whose body it stands; None for one that runs while the tree is built."""
    later: frozenset[str]
    """What changes the table after the INSERT has run: kinds of ALTER TABLE, `rename`, `drop index`."""

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
    targets = {(e.where.path, e.ref.at): e.target for e in edges if e.ref.use == "insert"}
    for path, query, function, later in _queries(catalog, history):
        table = targets.get((path, query.target.at)) if query.target is not None else None
        if query.command != "insert" or not isinstance(table, Table) or table.unknown_columns:
            continue
        if function is not None and not _still_there(catalog, table, query):
            continue
        kinds = later.get(table.name, set()) | later.get("", set())
        yield Insert(path, query, table, function, frozenset(kinds))


def _still_there(catalog: Catalog, table: Table, query: Query) -> bool:
    """Whether the table a body names is neither dropped, made anew nor renamed after the function."""
    name = query.target.name if query.target is not None else ""
    return catalog.relations.get((table.schema, name)) is table


Changes = dict[str, set[str]]
"""Name of a table (empty: of any) and what happens to it."""


def _queries(catalog: Catalog, history: bool) -> Iterator[tuple[str, Query, Function | None, Changes]]:
    """Every query level with what happens after it, as far as known when it is yielded: from the end on."""
    for function in catalog.routines:
        body = function.fact.body
        for query in body.queries if body is not None else ():
            for inner in nested_queries(query):
                yield function.path, inner, function, {}
    later: Changes = {}
    for where in () if history else reversed(catalog.statements):
        statement = where.statement
        fact = statement.fact
        if type(fact) is Execute:
            queries = statement.queries
        elif type(fact) is DoBlock and fact.body is not None:
            queries = fact.body.queries
            for nested in fact.body.statements:
                _note_changes(nested, later)
        else:
            _note_changes(statement, later)
            continue
        for query in queries:
            for inner in nested_queries(query):
                yield where.path, inner, None, later


def _note_changes(statement: Statement, later: Changes) -> None:
    fact = statement.fact
    if type(fact) is AlterTable:
        later.setdefault(fact.name, set()).update(command.kind for command in fact.commands)
    elif type(fact) is Rename and fact.target.parts:
        later.setdefault(fact.target.parts[-1], set()).add("rename")
        if fact.kind != "column":
            later.setdefault(fact.new, set()).add("rename")
    elif type(fact) is Drop and any(target.kind == "index" for target in fact.targets):
        later.setdefault("", set()).add("drop index")
