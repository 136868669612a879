"""How sessions of both databases are set: what SQL means, and how values are written, must not depend on anybody's settings."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_ALWAYS = (
    ("standard_conforming_strings", "on"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("bytea_output", "hex"),
    ("extra_float_digits", "1"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("row_security", "off"),  # an error instead of rows that are silently missing
    ("xmloption", "content"),
)

_SINCE = (("idle_session_timeout", 140000), ("transaction_timeout", 170000))
"""Settings that older servers do not know."""


def prepare(connection: "psycopg.Connection[Any]", *, path: bool = True) -> None:
    """Set a session; with `path`, names without schema are those of pg_catalog."""
    version = connection.info.server_version
    since = tuple((name, "0") for name, first in _SINCE if version >= first)
    for name, value in (*_ALWAYS, *since, *((("search_path", ""),) if path else ())):
        connection.execute("SELECT pg_catalog.set_config(%s, %s, false)", [name, value])
