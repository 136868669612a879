"""Risk as values: the four axes are named so that `high` is always bad."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How bad it is on one axis."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 to 3."""
        return list(Level).index(self)


AXES = ("compatibility", "data_loss", "performance", "locking")


class Duration(NamedTuple):
    """An estimate in seconds, with the interval it most likely lies in."""

    low: float
    seconds: float
    high: float


class Recommendation(NamedTuple):
    """What to do about it; a must is starred."""

    text: str
    must: bool = False


class Risk(NamedTuple):
    """The risk of one migration."""

    compatibility: Level
    data_loss: Level
    performance: Level
    locking: Level
    reasons: tuple[tuple[str, str], ...]
    """Axis and one line of reason, for every axis that is not `none`; in the order of `AXES`."""
    duration: Duration | None
    """None where the size of what it works on is not known."""
    unknown_sizes: tuple[str, ...]
    """Relations whose size would have to be known for an estimate."""
    recommendations: tuple[Recommendation, ...]
    rollback: str
    """How to go back, in one or two sentences."""

    def level(self, axis: str) -> Level:
        """The level on one axis."""
        found: Level = getattr(self, axis)
        return found
