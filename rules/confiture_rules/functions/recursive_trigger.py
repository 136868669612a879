from collections.abc import Iterator

from confiture_linter.catalog import Function, Table, Trigger
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_linter.statements.facts import ColumnUse, CreateTrigger, Query

_GUARDS = (b"if", b"case", b"loop", b"pg_trigger_depth", b"exit", b"raise")
"""Words before the statement with which it may be left out, or the recursion be ended."""


@rule(
    name="recursive-trigger",
    subject=Trigger,
    severity=Severity.ERROR,
    bad="CREATE TABLE w_order (id int PRIMARY KEY, updated_at timestamptz);\n"
    "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_order SET updated_at = now() WHERE id = NEW.id;\n    RETURN NULL;\nEND;\n$$;\n"
    "CREATE TRIGGER trg_touch AFTER UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();",
    good="CREATE TABLE w_order (id int PRIMARY KEY, updated_at timestamptz);\n"
    "CREATE FUNCTION fn_touch() RETURNS trigger LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n$$;\n"
    "CREATE TRIGGER trg_touch BEFORE UPDATE ON w_order FOR EACH ROW EXECUTE FUNCTION fn_touch();",
    at="w_order SET",
)
def recursive_trigger(trigger: Trigger, ctx: Context) -> Iterator[Finding]:
    """A trigger repeats, on its own table, the event that fires it.

    The second UPDATE or INSERT fires the trigger again, and so on until "stack depth limit exceeded".

    *When not:* the recursion ends by itself; functions with an IF, a CASE or a loop before the statement, and
    triggers with a WHEN clause, are not reported.

    *Instead:* a BEFORE trigger that assigns to NEW, a WHEN clause, or `pg_trigger_depth() = 1`.
    """
    function, table, fact = trigger.function, trigger.table, trigger.fact
    if function is None or not isinstance(table, Table) or fact.when is not None:
        return
    body = function.fact.body
    if body is None:
        return
    for query in body.queries:
        if query.target is None or query.target.name != table.name or not _fires(query, fact):
            continue
        if ctx.catalog.relation(query.target.schema, table.name, ctx.catalog.default_path) is table and (
            not _guarded(function, query, ctx)
        ):
            yield function.finding(
                f"{function.name} {query.command}s {table.name}, which fires trigger {trigger.name} again",
                at=query.target.at,
                help="assign to NEW in a BEFORE trigger, or add WHEN (pg_trigger_depth() = 0) to the trigger",
            )


def _fires(query: Query, fact: CreateTrigger) -> bool:
    """Whether the statement surely changes a row, in a way that fires the trigger."""
    if query.command not in fact.events:
        return False
    if query.command == "insert":
        return query.insert_query < 0 and query.conflict is None
    if query.command != "update" or query.sources or query.children:
        return False
    if fact.columns and not {use.name for use in query.target_columns} & set(fact.columns):
        return False
    return not query.filtered or _finds_itself(query)


def _finds_itself(query: Query) -> bool:
    """Whether the WHERE clause does nothing but look the row of NEW up."""
    keys = {e.left.name: e.right for e in query.equalities}
    if not keys or not all(right is not None and _is_row(right) for right in keys.values()):
        return False
    if any(right is not None and right.name != name for name, right in keys.items()):
        return False
    named = {use.name for use in query.columns if not _is_row(use)}
    return named <= set(keys) and not named & {use.name for use in query.target_columns}


def _is_row(use: ColumnUse) -> bool:
    return use.qualifier == "new"


def _guarded(function: Function, query: Query, ctx: Context) -> bool:
    body = function.fact.body
    if body is None:
        return True
    before = ctx.text(function.path)[body.start : query.at].lower()
    return any(word in before for word in _GUARDS)
