from collections.abc import Iterator
from typing import cast

from confiture_linter.catalog import Function
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule

_ROUTINES = frozenset({"function", "procedure", "routine"})


@rule(
    name="function-public-execute",
    subject=Function,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="""CREATE FUNCTION fn_tenant_by_slug(p_slug text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT lower(p_slug) $$;""",
    good="""CREATE FUNCTION fn_tenant_by_slug(p_slug text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT lower(p_slug) $$;
REVOKE EXECUTE ON FUNCTION fn_tenant_by_slug(text) FROM PUBLIC;""",
    at="CREATE FUNCTION fn_tenant_by_slug",
    security=True,
)
def function_public_execute(function: Function, ctx: Context) -> Iterator[Finding]:
    """Everybody may call a function that runs with its owner's rights.

    PostgreSQL grants EXECUTE on every new function to PUBLIC.

    *When not:* trigger functions are not reported: nobody can call them.

    *Instead:* `REVOKE EXECUTE ON FUNCTION … FROM PUBLIC` and grant it to the roles that need it, or
    `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC` once.
    """
    if not function.security_definer or function.revoked_public:
        return
    returns = function.fact.returns
    if returns is not None and returns.name in ("trigger", "event_trigger"):
        return
    revoked = _revoked_schemas(ctx)
    if "*" in revoked or function.schema in revoked:
        return
    yield function.finding(
        f"{function.kind} {function.name} is SECURITY DEFINER and PUBLIC may execute it",
        help=f"REVOKE EXECUTE ON {function.kind.upper()} {function.identity}({function.signature}) FROM PUBLIC",
    )


def _revoked_schemas(ctx: Context) -> frozenset[str]:
    """Schemas whose functions PUBLIC may not execute as a whole; `*` where the default was changed."""

    def compute() -> frozenset[str]:
        found: set[str] = set()
        for _, grant in ctx.catalog.grants:
            if grant.revoke and grant.kind in _ROUTINES and "public" in grant.grantees:
                if grant.default:
                    found.add("*")
                elif grant.all_in_schema:
                    found.update(target.parts[-1] for target in grant.targets if target.parts)
        return frozenset(found)

    return cast("frozenset[str]", ctx.memo("security.revoked", compute))
