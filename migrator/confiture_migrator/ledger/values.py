"""The states of a migration, and its row."""

import datetime as dt
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What a row of the ledger says."""

    RUNNING = "running"
    """A step-by-step migration is under way, or was when whoever did it died."""
    APPLIED = "applied"
    REVERTED = "reverted"
    FAILED = "failed"


class Entry(NamedTuple):
    """One row."""

    version: str
    name: str
    state: State
    checksum: str
    plan_hash: str | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    duration_ms: int | None
    rows: int | None
    applied_by: str | None
    git_commit: str | None
    step: int
    """How many units (hooks and statements) of a step-by-step migration are done."""
    error: str | None
    doing: int | None
    """The unit outside a transaction that had begun; None: none was under way."""
    ordinal: int | None
    """Place in the order of application; time is no measure, for clocks are set back."""
    direction: str
    """`up` or `down`: what the state is about."""
