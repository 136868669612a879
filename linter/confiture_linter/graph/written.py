"""Conditions in the constants that a function is given which puts SQL together, as those are that create policies."""

from functools import lru_cache

from confiture_linter.model import quote_identifier
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.statements.facts import Query
from confiture_linter.statements.walk import Walk


@lru_cache(maxsize=1024)
def condition(text: str, schema: str, table: str) -> Query | None:
    """A query over a table with this condition; None where the text is none, or names nothing."""
    if not any(sign in text for sign in "=<>( "):
        return None
    name = ".".join(quote_identifier(part) for part in (schema, table) if part)
    sql = f"SELECT FROM {name} WHERE ({text})"
    try:
        statements = parse_statements(sql, len(sql.encode()))
    except ParseFailure:
        return None
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return None
    query = Walk(0).top(statements[0].kind, statements[0].node)
    return query if query.columns or query.children else None


__all__ = ["condition"]
