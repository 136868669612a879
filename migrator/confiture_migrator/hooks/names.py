"""Names in hook settings → identifiers; SQL is never put together from names in any other way."""

import re
from typing import TYPE_CHECKING

from confiture_migrator.hooks.values import HookError

if TYPE_CHECKING:
    from psycopg.sql import Identifier

_PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*))\s*(\.|\Z)')


def name_parts(text: str) -> tuple[str, ...]:
    """Split `schema.name` as PostgreSQL does: unquoted parts in lower case, quoted ones as they are."""
    parts: list[str] = []
    at = 0
    while at < len(text) or not parts:
        found = _PART.match(text, at)
        if found is None:
            raise HookError(f"{text!r} is not the name of an object: write schema.name")
        parts.append(found[1].replace('""', '"') if found[1] else found[2].lower())
        at = found.end()
        if not found[3]:
            break
        if at >= len(text):
            raise HookError(f"{text!r} is not the name of an object: it ends with a dot")
    if len(parts) > 2:
        raise HookError(f"{text!r} is not the name of an object: write schema.name")
    return tuple(parts)


def identifier(text: str) -> "Identifier":
    """The quoted identifier of `schema.name`."""
    from psycopg.sql import Identifier

    return Identifier(*name_parts(text))
