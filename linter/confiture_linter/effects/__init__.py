"""What statements do to a live database: locks, rewrites, scans, and whether a transaction may hold them."""

from confiture_linter.effects.change import Change, ChangeSet, Migration, Step
from confiture_linter.effects.values import Effects, LockMode

__all__ = ["Change", "ChangeSet", "Effects", "LockMode", "Migration", "Step"]
