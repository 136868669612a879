from collections.abc import Iterator

from confiture_linter.catalog.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateRole, CreateSchema

_ALWAYS_THERE = frozenset({"pg_catalog", "pg_toast"})
"""CREATE SCHEMA IF NOT EXISTS passes over these."""


@rule(
    name="pg-prefix-schema",
    subject=SourceStatement,
    facts=(CreateSchema, CreateRole),
    severity=Severity.ERROR,
    bad="CREATE SCHEMA pg_app;",
    good="CREATE SCHEMA app;",
    at="CREATE SCHEMA pg_app",
)
def pg_prefix_schema(source: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """A schema or role begins with pg_, which PostgreSQL keeps for itself.

    CREATE SCHEMA fails with "unacceptable schema name", CREATE ROLE with "role name … is reserved".

    *When not:* never.

    *Instead:* a name without the prefix.
    """
    statement = source.statement
    fact = statement.fact
    if isinstance(fact, CreateSchema):
        refused = fact.name.startswith("pg_") and fact.name not in _ALWAYS_THERE
    else:
        refused = isinstance(fact, CreateRole) and not fact.alter and fact.name.startswith("pg_")
    if refused and isinstance(fact, CreateSchema | CreateRole):
        kind = "schema" if isinstance(fact, CreateSchema) else "role"
        yield Finding(
            source.path,
            Span(statement.start, statement.end),
            f"{kind} {fact.name} begins with pg_, which PostgreSQL refuses",
            fact.name,
            f"call it {fact.name.removeprefix('pg_')}",
        )
