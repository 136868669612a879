"""What a server's refusal means for whoever applies: said with place, reason and what to do."""

from typing import TYPE_CHECKING

from confiture_migrator.errors import ApplyFailed
from confiture_migrator.migrations.statements import Statement

if TYPE_CHECKING:
    import psycopg

_HINTS = {
    "25001": "PostgreSQL runs it outside a transaction only: write `transaction: false` in a YAML migration",
    "2D000": "a procedure that commits runs outside a transaction only: write `transaction: false` in a YAML migration",
    "55P03": "wait for whoever holds a lock on it, or end them with pg_terminate_backend(PID); or apply in a calm hour, or plan a longer --lock-timeout",
    "40P01": "two sessions waited for each other: apply again in a calm hour",
    "57014": "plan again with a longer --statement-timeout, or make it smaller",
    "42501": "the role of database_url lacks a right: grant it, or apply as the owner",
    "42939": "the role of database_url lacks a right: grant it, or apply as the owner",
    "53100": "the server's disk is full: free space there, then apply again",
    "53200": "the server is out of memory: apply again when it is calmer",
    "55P04": "PostgreSQL lets a new enum value be used only after it is committed: put its use into a migration of its own",
}
"""SQLSTATE to what helps."""

RETRIED = ("55P03", "40P01")
"""Lock timeout and deadlock: the same again may well succeed."""


class StepFailure(ApplyFailed):
    """A statement was refused; `__cause__` is the server's error."""

    def __init__(self, statement: Statement | None, error: "psycopg.Error", place: str = "") -> None:
        where = f"{statement.file}:{statement.line}" if statement is not None else place
        super().__init__(f"{where}: {explained(error, secret=statement is not None and statement.secret)}")
        self.sqlstate = error.sqlstate or ""
        self.statement = statement


def explained(error: "psycopg.Error", *, secret: bool = False) -> str:
    """The server's message with detail, hint and ours; without anything that may repeat a secret."""
    diag = error.diag
    told = diag.message_primary or str(error).strip() or type(error).__name__
    parts = [told]
    if diag.message_detail and not secret:
        parts.append(f"Detail: {diag.message_detail}")
    if diag.message_hint:
        parts.append(f"Hint: {diag.message_hint}")
    if hint := _HINTS.get(error.sqlstate or ""):
        parts.append(f"What to do: {hint}")
    return "\n".join(parts)


def sqlstate_of(error: BaseException | None) -> str:
    """The SQLSTATE behind an error, however often it was wrapped."""
    while error is not None:
        if state := getattr(error, "sqlstate", None):
            return str(state)
        error = error.__cause__
    return ""
