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
    options={"most": 20},
)
def security_definer_unsafe_search_path(function: Function, ctx: Context) -> Iterator[Finding]:
    """A SECURITY DEFINER function looks names up where its caller may create objects.

    The caller's temporary schema is searched first for tables and types unless the path names it, so a
    temporary table takes the place of a real one; `"$user"` is a schema named after the owner, which
    others may create.

    Where more than `most` functions are so, that is how they are written here: only the first is reported.

    *When not:* an empty path and `pg_catalog` alone are not reported: everything else must be qualified.

    *Instead:* put `pg_temp` last: `SET search_path = pg_catalog, app, pg_temp`.
    """
    reason = _reason(function)
    if not reason:
        return
    alike = ctx.memo(f"security.{reason}", lambda: [f for f in ctx.catalog.routines if _reason(f) == reason])
    many = len(alike) > ctx.options["most"]
    if many and alike[0] is not function:
        return
    path = _path(function)
    safe = [schema for schema in path if schema not in ("", "$user", "pg_catalog", "pg_temp")]
    yield function.finding(
        f"{function.kind} {function.name} is SECURITY DEFINER, {reason}"
        + (f", as are {len(alike) - 1} more" if many else ""),
        help=f"SET search_path = {', '.join(['pg_catalog', *safe, 'pg_temp'])}",
    )


def _path(function: Function) -> list[str]:
    return [part.strip().strip('"') for part in function.settings.get("search_path", "").split(",")]


def _reason(function: Function) -> str:
    """What is wrong with its search_path; empty if nothing is."""
    if not function.security_definer or function.fact.atomic or "search_path" not in function.settings:
        return ""
    path = _path(function)
    if "$user" in path:
        return 'whose search_path contains "$user"'
    if "pg_temp" in path[:-1]:
        return "whose search_path has pg_temp before other schemas"
    if path[-1] != "pg_temp" and any(schema not in ("", "pg_catalog", "pg_temp") for schema in path):
        return "whose search_path does not end in pg_temp"
    return ""
