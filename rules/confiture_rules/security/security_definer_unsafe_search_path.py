from collections.abc import Iterator

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="security-definer-unsafe-search-path",
    subject=Function,
    severity=Severity.WARNING,
    bad="""CREATE FUNCTION fn_next_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = app
AS $$ UPDATE counter SET number = number + 1 RETURNING number $$;""",
    good="""CREATE FUNCTION fn_next_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, app, pg_temp
AS $$ UPDATE counter SET number = number + 1 RETURNING number $$;""",
    at="CREATE FUNCTION fn_next_number",
    security=True,
)
def security_definer_unsafe_search_path(function: Function, ctx: Context) -> Iterator[Finding]:
    """A SECURITY DEFINER function looks names up where its caller may create objects.

    The caller's temporary schema is searched first for tables and types unless the path names it, so a
    temporary table takes the place of a real one; `"$user"` is a schema named after the owner, which
    others may create.

    *When not:* an empty path and `pg_catalog` alone are not reported: everything else must be qualified.

    *Instead:* put `pg_temp` last: `SET search_path = pg_catalog, app, pg_temp`.
    """
    if not function.security_definer or function.fact.atomic:
        return
    written = function.settings.get("search_path")
    if written is None:
        return
    path = [part.strip().strip('"') for part in written.split(",")]
    own = [schema for schema in path if schema not in ("", "pg_catalog", "pg_temp")]
    if "$user" in path:
        reason = 'whose search_path contains "$user"'
    elif "pg_temp" in path[:-1]:
        reason = "whose search_path has pg_temp before other schemas"
    elif own and path[-1] != "pg_temp":
        reason = "whose search_path does not end in pg_temp"
    else:
        return
    safe = [schema for schema in path if schema not in ("", "$user", "pg_catalog", "pg_temp")]
    yield function.finding(
        f"{function.kind} {function.name} is SECURITY DEFINER, {reason}",
        help=f"SET search_path = {', '.join(['pg_catalog', *safe, 'pg_temp'])}",
    )
