"""What has been done, in one table, `confiture.ledger`: a row per migration, written with what it tells."""

from confiture_migrator.ledger.table import Ledger
from confiture_migrator.ledger.values import Entry, State

__all__ = ["Entry", "Ledger", "State"]
