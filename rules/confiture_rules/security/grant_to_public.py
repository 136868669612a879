from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import Grant
from confiture_rules.security.granted import granted_name, grants_in_force

_READING = frozenset({"select", "usage", "references"})


@rule(
    name="grant-to-public",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nGRANT SELECT, INSERT ON w_order TO PUBLIC;",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nGRANT SELECT, INSERT ON w_order TO app_writer;",
    at="GRANT SELECT, INSERT",
    security=True,
)
def grant_to_public(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A privilege on data is granted to PUBLIC.

    PUBLIC is every role there is and every one still to come: monitoring, a contractor, another application
    in the same cluster.

    *When not:* USAGE on a schema, EXECUTE on a function and CONNECT are not reported. Grants that only read
    are reported under the presets strict, multi-tenant and all: some tables are meant for everybody.

    *Instead:* grant to the role that needs it.
    """
    reads = ctx.config.lint.preset in ("strict", "multi-tenant", "all")
    for where, grant in grants_in_force(ctx):
        if "public" not in grant.grantees or not (reads or set(grant.privileges) - _READING):
            continue
        if _on_data(grant):
            name = granted_name(where, grant, catalog)
            what = ", ".join(p.upper() for p in grant.privileges)
            scope = f"{grant.kind} {name}" if name and not grant.all_in_schema else f"{grant.kind}s"
            yield Finding(
                where.path,
                Span(where.statement.start, where.statement.end),
                f"{what} on {scope} is granted to PUBLIC",
                name,
                "grant it to the role that needs it",
            )


def _on_data(grant: Grant) -> bool:
    if grant.kind in ("table", "sequence"):
        return True
    return grant.kind in ("schema", "database") and not {"create", "all"}.isdisjoint(grant.privileges)
