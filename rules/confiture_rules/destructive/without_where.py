"""What the rules about UPDATE and DELETE of whole tables share."""

from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.statements.facts import Execute, Query


def whole_table(change: Change, command: str) -> Iterator[tuple[Query, str]]:
    """Queries that update or delete every row of a table in use, with that table."""
    if not isinstance(change.fact, Execute):
        return
    for query in _all(change.statement.queries):
        if query.command != command or query.target is None or query.filtered:
            continue
        table = change.identity_of(query.target.schema, query.target.name)
        bound = query.target.kind == "cte"
        if not bound and not change.is_new(table) and query.target.name not in change.catalog.temporary:
            joined = [
                source
                for source in query.sources
                if source.name != query.target.name or source.kind != "relation"
            ]
            if not joined:
                yield query, table


def _all(queries: tuple[Query, ...]) -> Iterator[Query]:
    for query in queries:
        yield query
        yield from _all(query.children)
