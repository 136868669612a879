"""Conditions of trigger functions that serve several tables: which of them is asked for."""

import re

_TABLE_NAME = re.compile(
    r"\s*\(?\s*tg_(?:table_name|relname)\s*(?:::\s*\w+\s*)?(?:=\s*|in\s*\(\s*)('[^']*'(?:\s*,\s*'[^']*')*)\s*\)?"
    r"\s*(?:\)\s*)?(?:and\b(?P<rest>.*))?\Z",
    re.IGNORECASE | re.DOTALL,
)


ASKS_FOR_TABLE = re.compile(
    r"\btg_(?:table_name|relname|relid|argv|nargs|name|table_schema)\b"
    r"|\b(?:to_jsonb?|row_to_json|hstore)\s*\(\s*(?:new|old)\s*\)",
    re.IGNORECASE,
)
"""What a trigger function reads to treat tables differently: which it is for, or which columns the row has."""


def tables_asked_for(condition: str) -> tuple[str, ...]:
    """The tables for which a condition may hold; empty where it does not ask for the table."""
    found = _TABLE_NAME.match(condition)
    if found is None or re.search(r"\bor\b", found["rest"] or "", re.IGNORECASE):
        return ()
    return tuple(re.findall(r"'([^']*)'", found[1]))


__all__ = ["ASKS_FOR_TABLE", "tables_asked_for"]
