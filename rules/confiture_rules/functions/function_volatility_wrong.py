from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.catalog.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import Body, Query, Ref

_NAMES = {"i": "IMMUTABLE", "s": "STABLE"}

_CHANGING = frozenset(
    {"now", "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "current_setting",
     "statement_timestamp", "transaction_timestamp", "current_user", "session_user", "current_role", "user",
     "current_schema", "current_schemas", "pg_backend_pid", "txid_current", "pg_current_xact_id", "inet_client_addr",
     "has_table_privilege", "pg_has_role"}
)  # fmt: skip
"""STABLE built-ins that answer differently from one transaction or session to the next. The many that are
STABLE for the sake of a text format (to_char, concat, …) are not among them."""


@rule(
    name="function-volatility-wrong",
    subject=Function,
    severity=Severity.WARNING,
    bad="CREATE FUNCTION fn_is_late(p_due date) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$\n"
    "    SELECT p_due < current_date\n$$;",
    good="CREATE FUNCTION fn_is_late(p_due date) RETURNS boolean LANGUAGE sql STABLE AS $$\n"
    "    SELECT p_due < current_date\n$$;",
    at="current_date",
)
def function_volatility_wrong(function: Function, ctx: Context) -> Iterator[Finding]:
    """A function promises less volatility than its body has.

    A STABLE or IMMUTABLE function may not write: it fails with "INSERT is not allowed in a non-volatile
    function". An IMMUTABLE one that depends on the clock, a setting, a random number or a table is computed once
    when a query is planned, and gives wrong answers in indexes.

    *When not:* never; the promise is used by the planner.

    *Instead:* VOLATILE for functions that write or draw numbers, STABLE for those that read tables, settings or time.
    """
    if function.volatility not in _NAMES:
        return
    body = function.fact.body
    if body is None:
        return
    promise = _NAMES[function.volatility]
    written = _write(body)
    if written is not None:
        command, at = written
        yield function.finding(
            f"{function.name} is {promise} but runs {command}",
            at=at,
            help=f"declare {function.name} VOLATILE; PostgreSQL refuses {command} in a {promise} function",
        )
        return
    for at, does, worse in _dependencies(function, body, ctx):
        yield function.finding(
            f"{function.name} is {promise} but {does}", at=at, help=f"declare {function.name} {worse}"
        )
        return


def _dependencies(function: Function, body: Body, ctx: Context) -> Iterator[tuple[int, str, str]]:
    """What the answer depends on against the promise: place, words, and the volatility it has."""
    for ref in body.refs:
        if ref.kind == "function" and ref.use == "call":
            worse = _volatility(ref, function.volatility, ctx.catalog)
            if worse:
                yield ref.at, f"calls {ref.name}(), which is {worse}", worse
    for edge in ctx.dependencies.of(function):
        target = edge.target
        if isinstance(target, Function) and edge.ref.use == "call" and target.fact.body is not None:
            written = _write(target.fact.body)
            if written is not None:
                yield edge.ref.at, f"calls {target.name}(), which runs {written[0]}", "VOLATILE"
        elif edge.ref.use == "read" and function.volatility == "i":
            yield edge.ref.at, f"reads {edge.ref.name}", "STABLE"


def _write(body: Body) -> tuple[str, int] | None:
    """The first command of the body that a non-volatile function may not run."""
    for query in body.queries:
        found = _data_change(query)
        if found is not None and found.target is not None:
            return found.command.upper(), found.target.at
    for statement in body.statements:
        command = getattr(statement.fact, "command", "") or type(statement.fact).__name__
        return _COMMANDS.get(command, command.upper()), statement.start
    return None


def _data_change(query: Query) -> Query | None:
    if query.target is not None:
        return query
    return next((found for child in query.children if (found := _data_change(child)) is not None), None)


_COMMANDS = {"CreateTable": "CREATE TABLE", "CreateIndex": "CREATE INDEX", "AlterTable": "ALTER TABLE",
             "SetVariable": "SET", "Drop": "DROP", "Other": "a utility command"}  # fmt: skip


def _volatility(ref: Ref, promised: str, catalog: Catalog) -> str:
    """`STABLE` or `VOLATILE` if every built-in that the call can mean is that, against the promise."""
    if ref.schema not in ("", "pg_catalog") or catalog.overloads(ref.schema, ref.name):
        return ""
    if promised == "i" and ref.name in _CHANGING:
        return "STABLE"
    found = [f for f in catalog.builtin.functions(ref.name) if ref.arguments < 0 or f.accepts(ref.arguments)]
    return "VOLATILE" if found and all(f.volatility == "v" for f in found) else ""
