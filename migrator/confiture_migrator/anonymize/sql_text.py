"""Names and texts as SQL; nothing in this room puts a name into a statement in any other way.

Statements are run with `standard_conforming_strings` on and an empty `search_path`, so that a quote is all there is to
escape, and a function without schema is one of pg_catalog.
"""


def identifier(*parts: str) -> str:
    """`"schema"."name"`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def literal(text: str) -> str:
    """`'text'`."""
    return "'" + text.replace("'", "''") + "'"
