"""What statements do to a live database: locks, rewrites, scans, and whether a transaction may hold them."""

from confiture_linter.effects.model import effects_of
from confiture_linter.effects.values import Effects, LockMode

__all__ = ["Effects", "LockMode", "effects_of"]
