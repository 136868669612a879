from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="security-definer-without-search-path",
    subject=Function,
    severity=Severity.WARNING,
    bad="""CREATE FUNCTION fn_next_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
AS $$ UPDATE counter SET number = number + 1 RETURNING number $$;""",
    good="""CREATE FUNCTION fn_next_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, app, pg_temp
AS $$ UPDATE counter SET number = number + 1 RETURNING number $$;""",
    at="CREATE FUNCTION fn_next_number",
    security=True,
)
def security_definer_without_search_path(function: Function, ctx: Context) -> Iterator[Finding]:
    """A SECURITY DEFINER function uses the search_path of its caller.

    The caller decides which tables, functions and operators the names in it mean, and so runs code with the
    rights of its owner (CVE-2018-1058).

    *When not:* functions written in C or with BEGIN ATOMIC, whose names are bound when they are created,
    are not reported; nor are procedures that COMMIT, which cannot have a SET clause.

    *Instead:* `SET search_path = pg_catalog, app, pg_temp`.
    """
    fact = function.fact
    if not function.security_definer or "search_path" in function.settings or fact.atomic:
        return
    if function.language in ("c", "internal"):
        return
    if fact.body is not None and fact.body.transactions:
        return
    yield function.finding(
        f"{function.kind} {function.name} is SECURITY DEFINER without SET search_path",
        help="add SET search_path = pg_catalog, " + f"{function.schema}, pg_temp",
    )
