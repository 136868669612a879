from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.catalog.entities import TOKEN
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import CreateFunction, DoBlock

_NEEDS_TYPES = ("pseudo-type", "VARIADIC", "scalar variable", "must be of type")
"""In messages about types, which the parser does not know as the server does."""


@rule(
    name="plpgsql-syntax-error",
    subject=SourceStatement,
    facts=(CreateFunction, DoBlock),
    severity=Severity.ERROR,
    bad="CREATE FUNCTION fn_close(p_id int) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_order SET closed = true WERE id = p_id;\nEND;\n$$;",
    good="CREATE FUNCTION fn_close(p_id int) RETURNS void LANGUAGE plpgsql AS $$\n"
    "BEGIN\n    UPDATE w_order SET closed = true WHERE id = p_id;\nEND;\n$$;",
    at="WERE",
)
def plpgsql_syntax_error(where: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """A PL/pgSQL body is not valid.

    PostgreSQL refuses it when the function is created, or, under check_function_bodies = off and inside dumps,
    at its first call. Undeclared variables and a RAISE with too few or too many parameters are found too.

    *When not:* never.

    *Instead:* correct the body.
    """
    fact = where.statement.fact
    if not isinstance(fact, CreateFunction | DoBlock) or fact.language != "plpgsql":
        return
    body = fact.body
    if body is None or not body.problem or _doubtful(body.problem):
        return
    name = ""
    if isinstance(fact, CreateFunction):
        name = f"{ctx.catalog.creation_schema(fact.schema)}.{fact.name}"
    yield Finding(
        where.path,
        Span(body.problem_at, TOKEN),
        f"{fact.name if isinstance(fact, CreateFunction) else 'DO block'}: {body.problem}",
        name,
        "correct the body; PostgreSQL refuses it as it is",
    )


def _doubtful(message: str) -> bool:
    """Whether the server may think otherwise: the parser knows no composite types, nor their fields."""
    if any(words in message for words in _NEEDS_TYPES):
        return True
    return message.endswith("is not a known variable") and "." in message
