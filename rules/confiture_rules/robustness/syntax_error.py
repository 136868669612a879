from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import Unparsed


@rule(
    name="syntax-error",
    subject=SourceStatement,
    facts=(Unparsed,),
    severity=Severity.ERROR,
    bad="CREATE TABLE w_site (id bigint PRIMARY KEY);\nCREATE TABLE w_order (id bigint PRIMRY KEY);",
    good="CREATE TABLE w_site (id bigint PRIMARY KEY);\nCREATE TABLE w_order (id bigint PRIMARY KEY);",
    at="PRIMRY",
    suppressible=False,
)
def syntax_error(item: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """PostgreSQL's grammar refuses a statement.

    The file is read by PostgreSQL's own parser, so the server will refuse it too. The other statements of the
    file are analysed all the same.

    *When not:* a statement with a placeholder that does not parse without its value is listed under
    `unanalysed` instead; give the value under `schema.placeholders`.

    *Instead:* correct it. Syntax errors cannot be suppressed.
    """
    fact = item.statement.fact
    if isinstance(fact, Unparsed) and not fact.template:
        at_end = fact.message.endswith("at end of input")
        span = Span(item.statement.start, item.statement.end) if at_end else Span(fact.at, -2)
        yield Finding(item.path, span, fact.message)
