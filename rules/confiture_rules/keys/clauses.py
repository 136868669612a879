"""What the rules about clauses of foreign keys share: the words of a constraint, and edits of them."""

from collections.abc import Sequence

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.engine.spans import resolved_span
from confiture_linter.engine.words import Word, Words
from confiture_linter.model import Edit, Fix, Span


def clause_words(constraint: Constraint, ctx: Context) -> Words:
    """The words of a foreign key from REFERENCES on, up to where its element ends."""
    span = resolved_span(constraint.span, constraint.path, ctx.text)
    words = ctx.words(constraint.path, span)
    found = words.find("references")
    return ctx.words(constraint.path, Span(found[0].start, span.end)) if found else words


def without(constraint: Constraint, clause: Sequence[Word], title: str) -> Fix | None:
    """A fix that takes a clause out, with the blank before it."""
    if not clause:
        return None
    return Fix(title, (Edit(constraint.path, Span(clause[0].start - 1, clause[-1].end), ""),), safe=False)


def after_target(constraint: Constraint, words: Words) -> int:
    """Offset behind the referenced table and columns, where the clauses of a foreign key may begin; -1 if unknown."""
    tokens = words.tokens
    at = next((i for i, token in enumerate(tokens) if token.start >= constraint.fact.target_at), -1)
    if at < 0 or not tokens or tokens[0].text != "references":
        return -1
    while at + 2 < len(tokens) and tokens[at + 1].text == ".":
        at += 2
    if at + 1 < len(tokens) and tokens[at + 1].text == "(":
        at = next((i for i in range(at, len(tokens)) if tokens[i].text == ")"), -1)
    end = tokens[at].end if at >= 0 else -1
    follow = next((i for i, token in enumerate(tokens) if token.start >= end), len(tokens))
    if end >= 0 and follow + 1 < len(tokens) and tokens[follow].text == "match":
        return tokens[follow + 1].end
    return end
