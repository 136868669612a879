"""The table `confiture.events`: what happened, one row each, in the transaction of what it tells.

The ledger says where each migration stands and forgets how it came there; this table only grows. A migration never
fails because of it: whoever may not make or write it goes without, and `history` then knows what the ledger knows.
"""

import json
from typing import TYPE_CHECKING, Any

from confiture_migrator.ledger.happening import Happening, What

if TYPE_CHECKING:
    import psycopg

CREATE = """\
CREATE TABLE confiture.events (
    id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY,
    version text NOT NULL,
    name text NOT NULL,
    what text NOT NULL,
    happened_at timestamptz NOT NULL,
    data jsonb NOT NULL
);
COMMENT ON TABLE confiture.events IS 'What confiture-migrate did, and what came of it';
"""
_READABLE = """
SELECT CASE WHEN pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') THEN
       pg_catalog.has_table_privilege(c.oid, 'SELECT') ELSE false END
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'confiture' AND c.relname = 'events'
"""
_INSERT = """
INSERT INTO confiture.events (id, version, name, what, happened_at, data)
VALUES (%s, %s, %s, %s, %s, %s::pg_catalog.jsonb)
"""


def as_jsonb(data: dict[str, Any]) -> str:
    """JSON as the type jsonb takes it: without NUL, which no text of PostgreSQL holds."""
    return json.dumps(data).replace("\\u0000", "\\ufffd")


class Events:
    """The table on one connection. What is written is part of whatever transaction is open."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def create(self) -> str:
        """Make the table if it is not there; why that cannot be done, or nothing."""
        import psycopg

        if self._connection.execute(_READABLE).fetchone() is not None:
            return ""
        try:
            with self._connection.transaction():
                self._connection.execute(CREATE.encode())
        except psycopg.errors.InsufficientPrivilege as error:
            return f"table confiture.events cannot be made: {error.diag.message_primary}"
        return ""

    def add(self, happening: Happening) -> str:
        """Write a row, in a savepoint of its own; why that cannot be done, or nothing."""
        import psycopg

        values = (
            happening.id,
            happening.version,
            happening.name,
            happening.what.value,
            happening.at,
            as_jsonb(happening.data),
        )
        try:
            with self._connection.transaction():
                self._connection.execute(_INSERT, values)
        except psycopg.Error as error:
            if self._connection.closed:
                raise
            return f"confiture.events cannot be written: {error.diag.message_primary or error}"
        return ""

    def all(self) -> tuple[Happening, ...]:
        """Everything, oldest first; nothing where there is no table, or none that may be read."""
        if not self._readable():
            return ()
        rows = self._connection.execute(
            "SELECT id::text, version, name, what, happened_at, data FROM confiture.events WHERE what = ANY (%s) "
            "ORDER BY ordinal",
            [[what.value for what in What]],
        )
        return tuple(Happening(i, v, n, What(w), at, data) for i, v, n, w, at, data in rows)

    def has(self, identifier: str) -> bool | None:
        """Whether a row is there; None if nobody can tell."""
        if not self._readable():
            return None
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM confiture.events WHERE id = %s)", [identifier]
        ).fetchone()
        return bool(row and row[0])

    def _readable(self) -> bool:
        row = self._connection.execute(_READABLE).fetchone()
        return bool(row and row[0])
