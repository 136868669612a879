"""What a database said, without what it holds.

The message, detail and context of a server's error may quote values (`Key (email)=(…) already exists`, `COPY t, line 5,
column email: "…"`). Only the code and the names of objects are told; the rest is not kept, not even as a cause.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

_NAMES_ONLY = frozenset({"08", "28", "42", "53", "55"})
"""Classes whose messages speak of connections, roles, names and resources, and never of a row."""
_SAID = {
    "23502": "a NOT NULL column would be NULL",
    "23503": "a foreign key is violated",
    "23505": "a value is there twice",
    "23514": "a check is violated",
    "22001": "a value is too long",
    "22003": "a number is out of range",
    "22008": "a date is out of range",
    "22P02": "a text is no value of its type",
    "22021": "a text is not valid in this encoding",
    "42501": "permission denied",
    "53100": "the disk is full",
    "57014": "cancelled",
    "42P01": "a table is not there",
}


def safe_message(error: "psycopg.Error") -> str:
    """Code, its meaning, and the names of the objects it is about."""
    code = error.sqlstate or ""
    if code[:2] in _NAMES_ONLY and error.diag.message_primary:
        return f"{error.diag.message_primary} (SQLSTATE {code})"
    return described(
        code,
        error.diag.constraint_name,
        error.diag.column_name,
        error.diag.datatype_name,
        type(error).__name__,
    )


def described(
    code: str, constraint: str | None, column: str | None, datatype: str | None, kind: str = "error"
) -> str:
    """The same of its parts."""
    if not code:
        return "the connection was lost" if kind == "OperationalError" else kind
    said = _SAID.get(code, kind)
    named = [
        f"constraint {constraint}" if constraint else "",
        f"column {column}" if column else "",
        f"type {datatype}" if datatype else "",
    ]
    return ", ".join([f"{said} (SQLSTATE {code})", *filter(None, named)])
