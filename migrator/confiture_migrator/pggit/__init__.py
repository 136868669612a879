"""pgGit, where a team uses it: told of every migration, in the migration's own transaction, and never in its way."""

from confiture_migrator.pggit.adapter import Pggit, pggit_for
from confiture_migrator.pggit.queue import Queue, Waiting
from confiture_migrator.pggit.told import told_events

__all__ = ["Pggit", "Queue", "Waiting", "pggit_for", "told_events"]
