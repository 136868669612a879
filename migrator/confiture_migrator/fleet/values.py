"""A fleet, and what became of each of its databases."""

from enum import Enum
from typing import NamedTuple


class Member(NamedTuple):
    """One database of a fleet. Its URL names variables; what they hold is known only where it is connected to."""

    name: str
    database_url: str
    """With `${VARIABLE}` in the place of what is secret."""


class Wave(NamedTuple):
    """Databases that are applied to at the same time, once the wave before has come through."""

    name: str
    members: tuple[Member, ...]
    parallel: int = 1
    """How many at a time."""
    pause: int = 0
    """Seconds to wait before it."""


class Fleet(NamedTuple):
    """All waves, in order."""

    waves: tuple[Wave, ...]
    max_failures: int = 0
    """How many databases may fail before nothing new is begun."""


class State(Enum):
    """What became of a database."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    """All of the plan was there before."""
    REFUSED = "refused"
    """The plan does not fit it; nothing was changed there."""
    UNREACHABLE = "unreachable"
    """It does not answer, or its variable is not set; nothing was changed there."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"

    @property
    def good(self) -> bool:
        """Whether the plan is there."""
        return self in (State.APPLIED, State.UNCHANGED)


class Result(NamedTuple):
    """One database, afterwards."""

    name: str
    wave: str
    state: State
    applied: tuple[str, ...] = ()
    """Versions that this run applied, those before a failure included."""
    seconds: float = 0.0
    error: str = ""


class Report(NamedTuple):
    """The whole fleet, afterwards; in the order of the file."""

    results: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        """Whether the plan is everywhere."""
        return all(result.state.good for result in self.results)

    def count(self, state: State) -> int:
        """How many databases are in a state."""
        return sum(result.state is state for result in self.results)
