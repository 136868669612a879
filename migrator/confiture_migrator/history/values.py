"""One line of the history."""

import datetime as dt
from typing import Any, NamedTuple

STATUS = ("applied", "failed", "reverted", "running")


class Lock(NamedTuple):
    """The strongest lock that was held on a relation until the transaction ended."""

    relation: str
    mode: str
    """As the PostgreSQL manual spells it."""


class Hook(NamedTuple):
    """A hook that ran, or was left out."""

    phase: str
    hook: str
    ok: bool
    rows: int
    seconds: float
    told: str


class Line(NamedTuple):
    """One thing that happened to one migration. What is None or empty is not known."""

    id: str
    """Empty where only the ledger tells."""
    version: str
    name: str
    status: str
    """One of `STATUS`."""
    at: dt.datetime | None
    """When it was over; of what is running, when it began."""
    started_at: dt.datetime | None
    duration_ms: int | None
    rows: int | None
    by: str
    checksum: str
    plan_hash: str
    git_commit: str
    server_version: str
    transaction: bool | None
    statements: int | None
    attempts: int | None
    slowest: dict[str, Any] | None
    """The statement that took longest: `place`, `seconds`."""
    locks: tuple[Lock, ...]
    hooks: tuple[Hook, ...]
    error: str
    source: str
    """`event`, `ledger`, or `pggit`: where it is known from."""
    pggit: str
    """`told`, `waits`, or nothing."""
