"""Names of database objects, and how PostgreSQL spells them."""

import re
from typing import NamedTuple

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")

MAX_IDENTIFIER_BYTES = 63
"""NAMEDATALEN - 1: PostgreSQL cuts longer identifiers (manual, 4.1.1 Identifiers and Key Words)."""


def quote_identifier(name: str) -> str:
    """Spell `name` so that PostgreSQL reads it back unchanged; quotes only where they are needed."""
    if _PLAIN.match(name):
        return name
    return '"' + name.replace('"', '""') + '"'


class ObjectName(NamedTuple):
    """A schema-qualified name; `schema` is empty where the text did not say and nothing resolved it."""

    schema: str
    name: str

    def __str__(self) -> str:
        """The name as it may be written in SQL and as findings print it."""
        if self.schema:
            return f"{quote_identifier(self.schema)}.{quote_identifier(self.name)}"
        return quote_identifier(self.name)
