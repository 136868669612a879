"""How dangerous a migration is: four axes, how long it takes, what to do, how to go back."""

from confiture_linter.risk.assess import risk_of
from confiture_linter.risk.snapshot import RelationSize, Snapshot, read_snapshot
from confiture_linter.risk.values import Duration, Level, Recommendation, Risk

__all__ = [
    "Duration",
    "Level",
    "Recommendation",
    "RelationSize",
    "Risk",
    "Snapshot",
    "read_snapshot",
    "risk_of",
]
