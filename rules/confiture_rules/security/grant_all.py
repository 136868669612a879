from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, Span, rule
from confiture_rules.security.granted import granted_name, grants_in_force


@rule(
    name="grant-all",
    subject=Catalog,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nGRANT ALL ON w_order TO app_writer;",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nGRANT SELECT, INSERT, UPDATE ON w_order TO app_writer;",
    at="GRANT ALL",
    security=True,
)
def grant_all(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """All privileges on an object are granted at once.

    ALL on a table includes TRUNCATE, REFERENCES and TRIGGER, and whatever later versions add (MAINTAIN in 17).

    *When not:* the grant goes to the role that owns or migrates the schema.

    *Instead:* list the privileges: `GRANT SELECT, INSERT, UPDATE, DELETE ON …`.
    """
    for where, grant in grants_in_force(ctx):
        if "all" in grant.privileges and "public" not in grant.grantees:
            name = granted_name(where, grant, catalog)
            scope = f"{grant.kind} {name}" if name and not grant.all_in_schema else f"{grant.kind}s"
            yield Finding(
                where.path,
                Span(where.statement.start, where.statement.end),
                f"all privileges on {scope} are granted to {', '.join(grant.grantees)}",
                name,
                "list the privileges the role needs",
            )
