from collections.abc import Iterator

from confiture_linter.catalog import SourceStatement
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, Span, rule
from confiture_linter.statements.facts import Comment


@rule(
    name="comment-empty",
    subject=SourceStatement,
    facts=(Comment,),
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCOMMENT ON TABLE w_order IS 'W order';",
    good="CREATE TABLE w_order (id bigint PRIMARY KEY);\nCOMMENT ON TABLE w_order IS 'What a customer bought.';",
    at="COMMENT ON",
)
def comment_empty(source: SourceStatement, ctx: Context) -> Iterator[Finding]:
    """A comment says nothing.

    It repeats the name, or is empty, which removes the comment; it satisfies a check and helps nobody.

    *When not:* a migration that takes a comment away.

    *Instead:* what the name does not say, or no COMMENT at all.
    """
    statement = source.statement
    fact = statement.fact
    if type(fact) is not Comment or not fact.target.parts:
        return
    if len(fact.text) > 2 * len(fact.target.parts[-1]):
        return
    said = _words(fact.text)
    if said == _words(fact.target.parts[-1]) if said else not ctx.history:
        name = ".".join(fact.target.parts)
        yield Finding(
            source.path,
            Span(statement.start, statement.end),
            f"comment on {fact.target.kind} {name} " + ("repeats its name" if said else "is empty"),
            name,
            "say what the name does not, or leave the comment out",
        )


def _words(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())
