from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateRole
from confiture_rules.security.nested_statements import statements_anywhere

_POWERS = {"superuser": "SUPERUSER", "bypassrls": "BYPASSRLS"}


@rule(
    name="superuser-role",
    subject=Catalog,
    severity=Severity.WARNING,
    bad="CREATE ROLE app_writer LOGIN SUPERUSER;",
    good="CREATE ROLE app_writer LOGIN NOSUPERUSER;",
    at="CREATE ROLE app_writer",
    security=True,
)
def superuser_role(_catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """A role is given SUPERUSER or BYPASSRLS.

    A superuser passes every privilege check and reads files of the server; BYPASSRLS makes every policy
    void for the role.

    *When not:* the role of backups and replicas, which must see every row.

    *Instead:* grant the privileges that are needed, or a predefined role such as `pg_read_all_data`.
    """
    for path, statement in statements_anywhere(ctx):
        fact = statement.fact
        if not isinstance(fact, CreateRole):
            continue
        powers = [_POWERS[name] for name, value in fact.options if name in _POWERS and value == "true"]
        if powers:
            yield Finding(
                path,
                Span(statement.start, statement.end),
                f"role {fact.name} is given {' and '.join(powers)}",
                fact.name,
                f"take it away again: ALTER ROLE {fact.name} NO{powers[0]}",
            )
