"""What of pgGit is there, asked by name: it is usually installed by a script, and no extension then says so."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import psycopg

BEGIN = "pggit.begin_deployment(text,boolean)"
END = "pggit.end_deployment(text,text[])"
LINK = "pggit.link_migration(bigint,text,text)"
EVENTS = "pggit.system_events"


class Standing(StrEnum):
    """Whether events can be sent."""

    READY = "ready"
    ABSENT = "absent"
    FORBIDDEN = "forbidden"
    BROKEN = "broken"
    """There, but without the table of events."""


class Probe(NamedTuple):
    """The answer for one role in one database."""

    standing: Standing
    told: str
    """Why not, for a person; empty where events can be sent."""
    deploys: bool = False
    """Whether a deployment can be begun and ended."""
    links: bool = False
    """Whether a migration can be linked."""


_SCHEMA = """
SELECT n.oid IS NOT NULL, coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false)
FROM (SELECT pg_catalog.to_regnamespace('pggit')::oid AS oid) AS n
"""
_RELATION = """
SELECT e.oid IS NOT NULL, coalesce(pg_catalog.has_table_privilege(e.oid, 'SELECT, INSERT'), false)
       AND coalesce(pg_catalog.has_table_privilege(e.oid, 'SELECT'), false)
       AND coalesce(pg_catalog.has_table_privilege(e.oid, 'INSERT'), false)
FROM (SELECT pg_catalog.to_regclass(%s)::oid AS oid) AS e
"""
_ROUTINE = """
SELECT coalesce(pg_catalog.has_function_privilege(pg_catalog.to_regprocedure(%s)::oid, 'EXECUTE'), false)
"""


def probe(connection: "psycopg.Connection[Any]") -> Probe:
    """Ask; changes nothing, and raises nothing that a server may answer."""
    import psycopg

    try:
        with connection.transaction():
            return _probe(connection)
    except psycopg.Error as error:
        if connection.closed:
            raise
        return Probe(Standing.BROKEN, str(error.diag.message_primary or error))


def _probe(connection: "psycopg.Connection[Any]") -> Probe:
    there, usable = _row(connection, _SCHEMA, [])
    if not there:
        return Probe(Standing.ABSENT, "there is no schema pggit")
    if not usable:
        return Probe(Standing.FORBIDDEN, "this role may not use schema pggit")
    there, usable = _row(connection, _RELATION, [EVENTS])
    if not there:
        return Probe(Standing.BROKEN, f"there is no table {EVENTS}")
    if not usable:
        return Probe(Standing.FORBIDDEN, f"this role may not read and write {EVENTS}")
    begin, end, link = (_row(connection, _ROUTINE, [name])[0] for name in (BEGIN, END, LINK))
    return Probe(Standing.READY, "", begin and end, link)


def _row(connection: "psycopg.Connection[Any]", query: str, values: list[str]) -> tuple[bool, bool]:
    row = tuple(connection.execute(query.encode(), values or None).fetchone() or ())
    return bool(row[:1] and row[0]), bool(row[1:] and row[1])
