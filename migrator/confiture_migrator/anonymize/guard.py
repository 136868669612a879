"""Which database is which: a copy never goes into the database that it comes from, nor on top of rows that are there."""

import secrets
from typing import TYPE_CHECKING, Any

from confiture_migrator.anonymize.live import Live
from confiture_migrator.errors import PlanRefused

if TYPE_CHECKING:
    import psycopg

_DATABASE = (
    "SELECT oid::bigint, datname FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()"
)
_HELD = """
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    AND (classid::bigint << 32) | objid::bigint = %s)
"""


def database_id(connection: "psycopg.Connection[Any]") -> tuple[str, int]:
    """The cluster's system identifier, empty where the role may not ask, and the database's OID."""
    import psycopg

    try:
        with connection.transaction():
            row = connection.execute(
                "SELECT system_identifier::text FROM pg_catalog.pg_control_system()"
            ).fetchone()
        system = str(row[0]) if row else ""
    except psycopg.errors.InsufficientPrivilege:
        system = ""
    found = connection.execute(_DATABASE).fetchone()
    return system, int(found[0]) if found else 0


def refuse_same(source: "psycopg.Connection[Any]", target: "psycopg.Connection[Any]") -> tuple[str, int]:
    """Raise `PlanRefused` if both are one database, by what the servers say and not by how they are called.

    Where a role may not read the system identifier, a lock taken in one session and seen in the other tells.
    """
    one, other = database_id(source), database_id(target)
    same = one == other and one[0] != ""
    if not same and "" in (one[0], other[0]):
        number = secrets.randbits(62)
        source.execute("SELECT pg_catalog.pg_advisory_lock(%s)", [number])
        same = target.execute(_HELD, [number]).fetchone() == (True,)
        source.execute("SELECT pg_catalog.pg_advisory_unlock(%s)", [number])
    if same:
        raise PlanRefused(
            "source and target are the same database: the copy would overwrite what it is made from"
        )
    return one


def filled_tables(target: "psycopg.Connection[Any]", live: Live) -> list[str]:
    """The tables that hold rows."""
    found = []
    for table in live.tables.values():
        row = target.execute(f"SELECT EXISTS (SELECT FROM {table.rows})".encode()).fetchone()
        if row == (True,):
            found.append(table.full)
    return found


def refuse_filled(filled: list[str]) -> None:
    """Raise `PlanRefused` if any table holds rows."""
    if filled:
        shown = ", ".join(filled[:5]) + (f" and {len(filled) - 5} more" if len(filled) > 5 else "")
        raise PlanRefused(
            f"the target is not empty: {shown}; take an empty database with the schema, or give --truncate to empty all "
            f"{len(filled)} of them"
        )
