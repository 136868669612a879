"""What has been done, in two tables: `confiture.ledger` says where each migration stands, `confiture.events` what happened."""

from confiture_migrator.ledger.events_table import Events
from confiture_migrator.ledger.happening import Happening, What
from confiture_migrator.ledger.table import Ledger
from confiture_migrator.ledger.values import Entry, State

__all__ = ["Entry", "Events", "Happening", "Ledger", "State", "What"]
