"""What the rules about UPDATE and DELETE of whole tables share."""

import re
from collections.abc import Iterator

from confiture_linter.catalog import Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.statements.facts import DoBlock, Execute, Query


def whole_table(change: Change, ctx: Context, command: str) -> Iterator[tuple[Query, str]]:
    """Queries that update or delete every row of a table in use, with that table."""
    for query in _all(_queries(change)):
        if query.command != command or query.target is None:
            continue
        if query.filtered and not (query in change.statement.queries[:1] and _true_for_all(change, ctx)):
            continue
        table = change.identity_of(query.target.schema, query.target.name)
        bound = query.target.kind == "cte"
        if not bound and not change.is_new(table) and query.target.name not in change.catalog.temporary:
            joined = [
                source
                for source in query.sources
                if source.name != query.target.name or source.kind != "relation"
            ]
            if not joined and not _has_one_row(change, query):
                yield query, table


def _has_one_row(change: Change, query: Query) -> bool:
    """Whether a key of the table may have but one value, which a CHECK says: a table of settings or positions."""
    target = query.target
    table = change.relation(target.schema, target.name) if target is not None else None
    if not isinstance(table, Table):
        return False
    fixed = {
        test.column
        for check in table.constraints
        if check.kind == "check" and check.fact.expression is not None
        for test in (check.fact.expression.test,)
        if test is not None and test.kind == "compare" and test.operator == "=" and len(test.values) == 1
    }
    return any(key and fixed.issuperset(key) for key in table.unique_keys)


_TRUE = re.compile(rb"(?is)\bwhere\s*\(*\s*(?:true|(\d+)\s*=\s*\1)\s*\)*\s*;?\s*\Z")


def _true_for_all(change: Change, ctx: Context) -> bool:
    """Whether its WHERE is `true` or `1 = 1`."""
    return _TRUE.search(ctx.text(change.path)[slice(*change.span)]) is not None


def _all(queries: tuple[Query, ...]) -> Iterator[Query]:
    for query in queries:
        yield query
        yield from _all(query.children)


def _queries(change: Change) -> tuple[Query, ...]:
    """What the statement runs, at top level or in a DO block."""
    if isinstance(change.fact, Execute):
        return change.statement.queries
    if isinstance(change.fact, DoBlock) and change.fact.body is not None:
        return change.fact.body.queries
    return ()
