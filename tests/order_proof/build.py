"""Runs the files of a tree in one order on a throw-away server and says which of them PostgreSQL refused.

Each file is sent as one text, so that it runs in a transaction of its own (as `psql -1 -f` would run it) unless it
holds BEGIN and COMMIT itself: a file runs as a whole or not at all. Each begins with a session as it is after login.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL, Identifier

from confiture_migrator.shadow import Shadow

_COPY_IN = re.compile(rb"(?im)^\s*copy\s[^;]*?\bfrom\s+stdin\b[^;]*;")
"""Inline data is set aside when a file is read, and COPY without its data would wait for it."""


class Surroundings(NamedTuple):
    """What has to be there before the first file."""

    prelude: str = ""
    """SQL: roles and extensions that the tree expects."""
    search_path: tuple[str, ...] = ()
    """The search_path of the database."""


class Built(NamedTuple):
    """How one order went."""

    order: tuple[str, ...]
    failures: dict[str, str]
    """File to the first line of what PostgreSQL said."""

    @property
    def ran(self) -> int:
        """How many files run."""
        return len(self.order) - len(self.failures)


def build(
    shadow: Shadow, order: Sequence[str], texts: Mapping[str, bytes], surroundings: Surroundings
) -> Built:
    """Run the files of `order` on an empty database; databases and roles made on the way are dropped again."""
    before = _roles(shadow)
    name = shadow.create_database("order_proof")
    try:
        return Built(tuple(order), _run(shadow, name, order, texts, surroundings))
    finally:
        shadow.drop_database(name)
        with shadow.connect() as connection:
            for role in _roles(shadow) - before:
                connection.execute(SQL("DROP ROLE {}").format(Identifier(role)))


def _roles(shadow: Shadow) -> set[str]:
    with shadow.connect() as connection:
        return {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}


def _run(
    shadow: Shadow,
    database: str,
    order: Sequence[str],
    texts: Mapping[str, bytes],
    surroundings: Surroundings,
) -> dict[str, str]:
    failures: dict[str, str] = {}
    with shadow.connect(database) as connection:
        if surroundings.search_path:
            path = SQL(", ").join(map(Identifier, surroundings.search_path))
            connection.execute(
                SQL("ALTER DATABASE {} SET search_path = {}").format(Identifier(database), path)
            )
        connection.execute(surroundings.prelude.encode() or b"SELECT 1")
    with shadow.connect(database) as connection:
        connection.prepare_threshold = None  # DISCARD ALL would take what the driver has prepared
        for path in order:
            refused = _refused(connection, texts[path])
            if refused:
                failures[path] = refused
    return failures


def _refused(connection: "psycopg.Connection[Any]", text: bytes) -> str:
    """Run one file; why it failed, empty if it did not."""
    said = ""
    try:
        connection.execute("SET statement_timeout = '20s'")
        connection.execute(_COPY_IN.sub(lambda found: b" " * len(found[0]), text))
    except psycopg.Error as error:
        said = (str(error) or repr(error)).partition("\n")[0]
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        connection.rollback()
        said = said or "leaves its transaction open"
    connection.execute("DISCARD ALL")
    return said


__all__ = ["Built", "Surroundings", "build"]
