"""Looks at what the session that applies holds, who waits for it and for whom it waits, from a session beside it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from confiture_linter.effects.values import LockMode
from confiture_migrator.errors import MigrateError
from confiture_migrator.execute.session import LOCK
from confiture_migrator.rehearse.observe import LOCK_MODES
from confiture_migrator.target import connect
from confiture_migrator.wizard.values import Lock, Moment

if TYPE_CHECKING:
    import psycopg

INTERVAL = 0.1
"""Seconds between two looks; a lock that is held for less may not be seen, and nobody would have noticed it."""

_APPLIER = """
WITH applier AS MATERIALIZED (
    SELECT pid FROM pg_catalog.pg_locks
    WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
)
"""
_HELD = (
    _APPLIER  # noqa: S608 - own text
    + """
SELECT n.nspname || '.' || c.relname, l.mode
FROM applier JOIN pg_catalog.pg_locks AS l USING (pid) JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND l.granted AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S')
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
"""
)
# By pg_locks, which everybody may read: pg_stat_activity hides from a plain role what others wait for.
_WAITING = (
    _APPLIER  # noqa: S608 - own text
    + """
SELECT count(*) FROM (SELECT DISTINCT pid FROM pg_catalog.pg_locks WHERE NOT granted) AS waiting
WHERE EXISTS (SELECT FROM applier WHERE applier.pid = ANY (pg_catalog.pg_blocking_pids(waiting.pid)))
"""
)
_BLOCKERS = (
    _APPLIER
    + """
SELECT a.pid, a.usename, a.application_name, a.state, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start)
FROM applier, pg_catalog.unnest(pg_catalog.pg_blocking_pids(applier.pid)) AS b(pid)
JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid ORDER BY a.xact_start
"""
)


@dataclass(slots=True)
class _Span:
    """When a lock was seen without a break."""

    first: float
    in_step: bool
    look: int = 0
    longest: float = 0.0

    def seen(self, now: float, look: int) -> None:
        """It is there now; if it was not at the look before, it is there anew."""
        if look - self.look > 1:
            self.first = now
        self.look = look
        self.longest = max(self.longest, now - self.first)


class LockWatch:
    """Watches while it is open. Trouble of its own is remembered, and never disturbs what it watches."""

    def __init__(self, url: str, in_step: Callable[[], bool], seen: Callable[[Moment], None]) -> None:
        self._url = url
        self._in_step = in_step
        self._seen = seen
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lock-watch", daemon=True)
        self._looks = 0
        self._held: dict[tuple[str, LockMode], _Span] = {}
        self.trouble = ""
        self.waited = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(5)

    @property
    def locks(self) -> tuple[Lock, ...]:
        """What was held, the strongest lock on each relation and the longest first."""
        found = [
            Lock(relation, mode, span.longest, span.in_step)
            for (relation, mode), span in list(self._held.items())
        ]
        return tuple(sorted(found, key=lambda lock: (-lock.mode.rank, -lock.seconds, lock.relation)))

    def _watch(self) -> None:
        import psycopg

        try:
            with connect(self._url) as connection:
                connection.execute("SET statement_timeout = '5s'")
                connection.execute("SET default_transaction_read_only = on")
                while not self._stop.wait(INTERVAL):
                    self._look(connection)
        except (MigrateError, psycopg.Error) as error:
            self.trouble = str(error).strip().partition("\n")[0]

    def _look(self, connection: "psycopg.Connection[Any]") -> None:
        in_step, now = self._in_step(), time.monotonic()
        self._looks += 1
        for relation, name in connection.execute(_HELD, LOCK).fetchall():
            key = (relation, LOCK_MODES[name])
            span = self._held.setdefault(key, _Span(now, in_step))
            span.seen(now, self._looks)
        waiting = _count(connection)
        self.waited = max(self.waited, waiting)
        holds = tuple(
            (relation, mode, now - span.first)
            for (relation, mode), span in self._held.items()
            if mode.blocks_writes and span.look == self._looks
        )
        blockers = tuple(_told(*row) for row in connection.execute(_BLOCKERS, LOCK).fetchall())
        self._seen(Moment(tuple(sorted(holds, key=lambda each: -each[2])), waiting, blockers))


def _count(connection: "psycopg.Connection[Any]") -> int:
    row = connection.execute(_WAITING, LOCK).fetchone()
    return int(row[0]) if row else 0


def _told(
    pid: int, user: str | None, application: str | None, state: str | None, seconds: float | None
) -> str:
    """Whom we wait for; not what it runs, for a query may hold a secret."""
    since = f" for {seconds:.0f} s" if seconds is not None else ""
    return f"pid {pid} ({user or '?'}, {application or 'no application name'}, {state or '?'}{since})"
