"""What the ledger does not keep: each thing that happened to a migration, as a value."""

import datetime as dt
from enum import StrEnum
from typing import Any, NamedTuple


class What(StrEnum):
    """What happened; the names are those of the event rows in pgGit."""

    APPLIED = "MIGRATION_APPLIED"
    FAILED = "MIGRATION_FAILED"
    ROLLED_BACK = "MIGRATION_ROLLED_BACK"


class Happening(NamedTuple):
    """One thing that happened to one migration. Never changed, unlike the ledger's row."""

    id: str
    """A UUID: what it is recognised by, wherever it is sent, however often."""
    version: str
    name: str
    what: What
    at: dt.datetime
    """By the clock of the server."""
    data: dict[str, Any]
    """The rest, as JSON has it: see `docs/migrate.md`, History."""
