from collections.abc import Iterator

from confiture_linter.catalog import Function, Table
from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Related, Severity, Span, rule
from confiture_linter.statements.facts import AlterTable, Query
from confiture_rules.compatibility.functions import made_anew


@rule(
    name="add-column-breaks-star",
    subject=Change,
    facts=(AlterTable,),
    severity=Severity.ERROR,
    aliases=("add-column-breaks-positional-or-star",),
    given=(
        "CREATE TABLE w_order (id bigint PRIMARY KEY, total numeric);\n"
        "CREATE TABLE w_log (id bigint, total numeric);\n"
        "CREATE FUNCTION fn_archive() RETURNS void LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO w_log SELECT * FROM w_order; END';"
    ),
    bad="ALTER TABLE w_order ADD COLUMN note text;",
    good="ALTER TABLE w_order ADD COLUMN note text;\nALTER TABLE w_log ADD COLUMN note text;",
    at="ALTER TABLE",
)
def add_column_breaks_star(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table gets a column, and a function takes all its columns where fewer fit.

    `INSERT INTO log SELECT * FROM t` has more expressions than columns, and a function that RETURNS TABLE (…) from
    `SELECT * FROM t` returns another shape than it declares: both fail when they are called next, the change does not.

    *When not:* the other table gets a column, or the function is replaced or dropped, in the same file. A view that was
    made of `SELECT *` goes on with the columns it had.

    *Instead:* name the columns in the function.
    """
    fact = change.fact
    added = sum(1 for command in change.commands("AddColumn"))
    if not isinstance(fact, AlterTable) or not added or change.effects.error:
        return
    table = change.relation(fact.schema, fact.name)
    if not isinstance(table, Table) or table.unknown_columns:
        return
    skipped = sum(c.missing_ok and c.name in table.columns for c in change.commands("AddColumn"))
    width = len(table.columns) + added - skipped - sum(1 for _ in change.commands("DropColumn"))
    if width <= len(table.columns):
        return
    for function in change.catalog.routines:
        body = function.fact.body
        if (
            body is None
            or function.fact.atomic
            or function.path == change.path
            or made_anew(change, function)
        ):
            continue
        for query in body.queries:
            why = _broken(change, function, query, table, width, ctx)
            if why:
                yield change.finding(
                    f"{function.identity} {why}, and will fail when called",
                    object=table.identity,
                    help=f"name the columns in {function.identity}, in the same transaction",
                    related=(Related(function.path, Span(query.at, -2), "all columns are taken here"),),
                )
                break


def _broken(change: Change, function: Function, query: Query, table: Table, width: int, ctx: Context) -> str:
    """What no longer fits, in words; empty if all does."""
    if query.command == "insert" and query.target is not None and not query.target_columns:
        source = query.children[query.insert_query] if query.insert_query >= 0 else None
        target = change.relation(query.target.schema, query.target.name)
        if source is None or not isinstance(target, Table) or target is table or target.unknown_columns:
            return ""
        fits = width <= len(target.columns) or len(table.columns) > len(target.columns)
        if _all_of(change, source, table) and not fits and not _widened(change, target):
            return f"inserts all columns of {table.identity} into {target.identity}, which has {len(target.columns)}"
        return ""
    outputs = [argument for argument in function.fact.arguments if argument.mode in "tob"]
    if not _all_of(change, query, table) or len(outputs) != len(table.columns) or len(outputs) < 2:
        return ""
    body = function.fact.body
    if function.language == "sql":
        returned = body is not None and body.queries[-1] is query
    else:
        before = ctx.text(function.path)[max(0, query.at - 200) : query.at].lower().split()
        returned = b"query" in before[-3:] and b"return" in before[-4:]
    return f"returns all columns of {table.identity} as {len(outputs)}" if returned else ""


def _all_of(change: Change, query: Query, table: Table) -> bool:
    """Whether it is SELECT * FROM the table alone."""
    outputs, sources = query.outputs, query.sources
    if query.command != "select" or len(outputs) != 1 or len(sources) != 1 or outputs[0].name != "*":
        return False
    source = sources[0]
    return source.kind == "relation" and change.relation(source.schema, source.name) is table


def _widened(change: Change, target: Table) -> bool:
    """Whether a later statement of the file gives the other table a column."""
    return any(
        isinstance(statement.fact, AlterTable)
        and statement.fact.name == target.name
        and any(command.kind == "AddColumn" for command in statement.fact.commands)
        for statement in change.ahead
    )
