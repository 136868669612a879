from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_rules.security.granted import grants_in_force


@rule(
    name="public-schema-create",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="GRANT CREATE ON SCHEMA public TO PUBLIC;",
    good="GRANT USAGE ON SCHEMA public TO PUBLIC;",
    at="GRANT CREATE",
    options={"roles": ("public", "anon", "authenticated")},
    security=True,
)
def public_schema_create(_catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """Everybody may create objects in the schema public.

    Who may create a function or an operator in a schema of the search_path runs code as others
    (CVE-2018-1058). PostgreSQL 15 took the privilege away for this reason.

    *When not:* grants to the role that migrates the schema are not reported; `roles` lists who counts as
    everybody.

    *Instead:* `REVOKE CREATE ON SCHEMA public FROM PUBLIC`, and create in schemas of your own.
    """
    everybody = set(ctx.options["roles"])
    for where, grant in grants_in_force(ctx):
        if grant.kind != "schema" or {"create", "all"}.isdisjoint(grant.privileges):
            continue
        roles = [role for role in grant.grantees if role in everybody]
        if roles and any(target.parts[-1:] == ("public",) for target in grant.targets):
            who = "everybody" if "public" in roles else " and ".join(roles)
            yield Finding(
                where.path,
                Span(where.statement.start, where.statement.end),
                f"{who} may create objects in the schema public",
                "public",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC" if "public" in roles else "grant USAGE only",
            )
