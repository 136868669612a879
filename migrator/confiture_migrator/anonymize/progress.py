"""How far the copy has come, by what the target's server says of the sessions of the run, wherever their programs run."""

import time
from typing import TYPE_CHECKING, Any

from confiture_migrator.anonymize.events import CopyProgress
from confiture_migrator.events import Sink

if TYPE_CHECKING:
    import psycopg

EVERY_SECONDS = 2.0
_RUNNING = """
SELECT coalesce(pg_catalog.sum(p.tuples_processed), 0)::bigint FROM pg_catalog.pg_stat_progress_copy AS p
JOIN pg_catalog.pg_stat_activity AS a ON a.pid = p.pid WHERE a.application_name = %s
"""


class Progress:
    """Adds up and tells from time to time."""

    def __init__(
        self, target: "psycopg.Connection[Any]", run: str, tables: int, estimate: float, sink: Sink
    ) -> None:
        self._target = target
        self._run = run
        self._tables = tables
        self._estimate = estimate
        self._sink = sink
        self._rows = 0
        self._done = 0
        self._begun = self._told = time.monotonic()

    def done(self, rows: int, tables: int) -> None:
        """A unit is loaded."""
        self._rows += rows
        self._done += tables
        self.tell()

    def tell(self) -> None:
        """Tell, unless that was just done."""
        now = time.monotonic()
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        rows = self._rows + self._running()
        speed = rows / max(now - self._begun, 0.001)
        left = int((self._estimate - rows) / speed) + 1 if speed and self._estimate > rows else None
        self._sink.emit(CopyProgress("", min(self._done, self._tables), self._tables, rows, int(speed), left))

    def _running(self) -> int:
        if self._target.info.server_version < 140000:
            return 0  # the view came with PostgreSQL 14
        row = self._target.execute(_RUNNING, [self._run]).fetchone()
        return int(row[0]) if row else 0
