"""What the wizard knows: where it is, and what came of each migration."""

from dataclasses import dataclass
from typing import NamedTuple

from confiture_linter.effects.values import LockMode
from confiture_migrator.plan.values import PlanSettings


class Place(NamedTuple):
    """The database that is about to be changed."""

    environment: str
    server: str
    """Host and port, or the socket; never the password."""
    database: str
    user: str
    server_version: str
    standby: bool
    applied: frozenset[str]
    """Versions."""
    last: str
    """Name of the migration that was applied last, and when."""
    accepted: tuple[tuple[str, str], ...]
    """Axis of risk and the highest level that the environment accepts."""
    settings: PlanSettings


class Lock(NamedTuple):
    """A lock on a relation that was there before, as pg_locks showed it."""

    relation: str
    mode: LockMode
    seconds: float
    """From when it was first seen to when it was last: at least so long."""
    in_step: bool
    """Whether a statement was running, and no hook, when it was first seen."""


class StepTime(NamedTuple):
    """A statement that ran."""

    sql: str
    place: str
    """`FILE:LINE`."""
    seconds: float


class Change(NamedTuple):
    """Something in the catalog that is not as it was."""

    verb: str
    """`added`, `dropped` or `changed`."""
    what: str
    """`column public.t.note`."""


class HookTime(NamedTuple):
    """A hook that ran."""

    phase: str
    hook: str
    seconds: float
    rows: int


class Estimated(NamedTuple):
    """How long a hook will take, roughly, and on what that rests."""

    seconds: float | None
    """None: not known."""
    basis: str


@dataclass(frozen=True, slots=True)
class Story:
    """What came of one migration that was applied."""

    version: str
    name: str
    seconds: float
    rows: int
    steps: tuple[StepTime, ...] = ()
    hooks: tuple[HookTime, ...] = ()
    retries: int = 0
    """New beginnings after a lock timeout or deadlock."""
    locks: tuple[Lock, ...] = ()
    waited: int = 0
    """The most sessions that were seen waiting for it at one time."""
    changes: tuple[Change, ...] = ()
    unwatched: str = ""
    """Why the locks were not watched."""
    uncompared: str = ""
    """Why it is not known what changed."""


class Moment(NamedTuple):
    """What a look at pg_locks saw."""

    holds: tuple[tuple[str, LockMode, float], ...] = ()
    """Relation, mode, seconds so far: blocking ones, the longest first."""
    waiting: int = 0
    """Sessions that wait for us."""
    blockers: tuple[str, ...] = ()
    """Whom we wait for: pid, role, application, state."""
