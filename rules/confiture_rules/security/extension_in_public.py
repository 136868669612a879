from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, Span, rule
from confiture_linter.statements.facts import CreateExtension


@rule(
    name="extension-in-public",
    subject=SourceStatement,
    facts=(CreateExtension,),
    severity=Severity.INFO,
    preset=Preset.ALL,
    bad="CREATE EXTENSION pg_trgm SCHEMA public;",
    good="CREATE SCHEMA ext;\nCREATE EXTENSION pg_trgm SCHEMA ext;",
    at="CREATE EXTENSION pg_trgm",
)
def extension_in_public(where: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """An extension is installed into the schema public.

    Its functions mix with your own, and API generators publish them.

    *When not:* extensions without a schema clause, which follow the search_path, are not reported.

    *Instead:* `CREATE EXTENSION … SCHEMA ext`, with `ext` in the search_path.
    """
    fact = where.statement.fact
    if isinstance(fact, CreateExtension) and fact.schema == "public":
        yield Finding(
            where.path,
            Span(where.statement.start, where.statement.end),
            f"extension {fact.name} is installed into the schema public",
            fact.name,
            "install it into a schema of its own",
        )
