from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Query, Source


@rule(
    name="unbounded-dml",
    subject=Function,
    severity=Severity.WARNING,
    bad="CREATE FUNCTION fn_close() RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_order SET closed = true;\nEND;\n$$;",
    good="CREATE FUNCTION fn_close() RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_order SET closed = true WHERE delivered;\nEND;\n$$;",
    at="w_order",
)
def unbounded_dml(function: Function, ctx: Context) -> Iterator[Finding]:
    """A function updates or deletes all rows of a table.

    It is nearly always a forgotten WHERE; on a big table it also locks and rewrites every row.

    *When not:* temporary tables, and tables that the same function fills again as a whole, are accepted.

    *Instead:* add the WHERE; to empty a table, say so with TRUNCATE.
    """
    body = function.fact.body
    if body is None:
        return
    queries = [inner for query in body.queries for inner in _levels(query)]
    for query in queries:
        if query.command not in ("update", "delete") or query.filtered or query.target is None:
            continue
        target = query.target
        if target.name in ctx.catalog.temporary or _refilled(target, queries, function) or query.sources:
            continue
        verb = "updates" if query.command == "update" else "deletes"
        yield function.finding(
            f"{function.name} {verb} all rows of {target.name}",
            at=target.at,
            help="add a WHERE clause"
            + ("" if verb == "updates" else ", or say TRUNCATE if all rows are meant"),
        )


def _levels(query: Query) -> Iterator[Query]:
    yield query
    for child in query.children:
        yield from _levels(child)


def _refilled(target: Source, queries: list[Query], function: Function) -> bool:
    """Whether the function puts rows back without restricting them to its arguments."""
    names = {argument.name for argument in function.fact.arguments if argument.name}
    for query in queries:
        if query.command == "insert" and query.target is not None and query.target.name == target.name:
            used = {use.name for level in _levels(query) for use in level.columns}
            return not used & names
    return False
