"""What pgGit is told and how: one row of `pggit.system_events`, and a link to the migration."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from confiture_migrator.ledger import Happening, What
from confiture_migrator.ledger.events_table import as_jsonb
from confiture_migrator.pggit.probe import EVENTS, Probe, Standing, probe

if TYPE_CHECKING:
    import psycopg

TOOL = "confiture-migrate"
LOCK = (0x636F6E66, 2)
"""Key of the advisory lock, per database: `conf`, 2. begin_deployment does not keep two sessions apart itself."""


def body_of(happening: Happening) -> dict[str, Any]:
    """The event as pgGit keeps it."""
    return {
        "key": happening.id,
        "tool": TOOL,
        "version": happening.version,
        "name": happening.name,
        "status": happening.what.value.partition("_")[2].lower(),
        "at": happening.at.isoformat(),
        **happening.data,
    }


def lock(connection: "psycopg.Connection[Any]") -> bool:
    """Keep other migrators from pgGit until the transaction ends; False where one is there already."""
    row = connection.execute("SELECT pg_catalog.pg_try_advisory_xact_lock(%s, %s)", LOCK).fetchone()
    return bool(row and row[0])


def has(connection: "psycopg.Connection[Any]", key: str) -> bool:
    """Whether pgGit was told of this very event."""
    row = connection.execute(
        f"SELECT EXISTS (SELECT FROM {EVENTS} WHERE event_data ->> 'key' = %s)",  # noqa: S608 - own text
        [key],
    ).fetchone()
    return bool(row and row[0])


def tell(connection: "psycopg.Connection[Any]", found: Probe, what: str, body: dict[str, Any]) -> None:
    """Add the event; in the transaction that is open."""
    if what == What.APPLIED and found.links:
        connection.execute(
            "SELECT pggit.link_migration(%s::bigint, %s::text, %s::text)",
            [migration_id(body["version"]), body["name"], TOOL],
        )
    connection.execute(
        f"INSERT INTO {EVENTS} (event_type, event_data) VALUES (%s, %s::pg_catalog.jsonb)",  # noqa: S608 - own text
        [what, as_jsonb(body)],
    )


def migration_id(version: str) -> int:
    """A version as the bigint that pgGit knows migrations by; of one that is no such number, 63 bits of its hash."""
    if version.isascii() and version.isdecimal() and int(version) < 2**63:
        return int(version)
    return int.from_bytes(hashlib.sha256(version.encode("utf-8", "replace")).digest()[:8]) >> 1


def told_events(connection: "psycopg.Connection[Any]") -> dict[str, dict[str, Any]]:
    """What pgGit was told by this tool, by key; nothing where it cannot be asked."""
    import psycopg

    if probe(connection).standing is not Standing.READY:
        return {}
    try:
        with connection.transaction():
            rows = connection.execute(
                f"SELECT event_type, event_data::text FROM {EVENTS} WHERE event_data ->> 'tool' = %s ORDER BY event_id",  # noqa: S608 - own text
                [TOOL],
            ).fetchall()
    except psycopg.Error:
        if connection.closed:
            raise
        return {}
    bodies = [(what, json.loads(text)) for what, text in rows]
    return {str(body["key"]): {**body, "what": what} for what, body in bodies if body.get("key")}
