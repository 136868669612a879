from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.catalog.entities import TOKEN
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateFunction


@rule(
    name="sql-body-syntax-error",
    subject=SourceStatement,
    facts=(CreateFunction,),
    severity=Severity.ERROR,
    bad="CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FORM w_order $$;",
    good="CREATE FUNCTION fn_count() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM w_order $$;",
    at="w_order",
)
def sql_body_syntax_error(where: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """The body of a LANGUAGE sql function is not valid SQL.

    PostgreSQL refuses it when the function is created, or, under check_function_bodies = off, at its first
    call.

    *When not:* never.

    *Instead:* correct the body.
    """
    fact = where.statement.fact
    if isinstance(fact, CreateFunction) and fact.language == "sql" and fact.body and fact.body.problem:
        yield Finding(
            where.path,
            Span(fact.body.problem_at, TOKEN),
            f"{fact.name}: {fact.body.problem}",
            f"{ctx.catalog.creation_schema(fact.schema)}.{fact.name}",
            "correct the body; PostgreSQL refuses it as it is",
        )
