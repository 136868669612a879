"""Writes down what happened to each migration: who, when, how long, under which locks, with which hooks.

The events of a run are collected while they pass; when the migration is done, or has failed, they become one row of
`confiture.events`, in the transaction of the ledger's row. pgGit, where it is used, is told in the same transaction.
"""

import uuid
from typing import TYPE_CHECKING, Any

from confiture_linter.effects.values import LockMode
from confiture_migrator.events import (
    Event,
    EventNotKept,
    HookCompleted,
    HookFailed,
    HookSkipped,
    MigrationRetried,
    Sink,
    StepCompleted,
)
from confiture_migrator.execute.job import Job
from confiture_migrator.ledger import Entry, Events, Happening, Ledger, State, What
from confiture_migrator.pggit import Pggit

if TYPE_CHECKING:
    import psycopg

_HELD = """
SELECT n.nspname || '.' || c.relname, l.mode, pg_catalog.bool_or(EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
      AND d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND pg_catalog.age(d.xmin) <= 0))
FROM pg_catalog.pg_locks AS l
JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND n.nspname NOT IN ('confiture', 'pggit')
GROUP BY 1, 2
"""
"""Locks of this transaction, and whether it made the relation itself: its dependency on the schema is then as new as the
transaction, and no later ALTER writes that row again."""


class Chronicle:
    """Keeps what one session does, one migration after the other."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", ledger: Ledger, sink: Sink, pggit: Pggit | None = None
    ) -> None:
        self._connection = connection
        self._ledger = ledger
        self._events = Events(connection)
        self._pggit = pggit
        self._sink = sink
        self._ready = False
        self._attempts = 1
        self._outside = 0
        """How many of the hooks ran before the transaction."""
        self._hooks: list[dict[str, Any]] = []
        self._held: dict[str, LockMode] = {}
        self._statements = 0
        self._slowest: dict[str, Any] | None = None

    # The events of a run pass here.

    def emit(self, event: Event) -> None:
        """Take note."""
        if isinstance(event, HookCompleted):
            self._hooks.append(
                {
                    "phase": event.phase,
                    "hook": event.hook,
                    "ok": True,
                    "rows": event.rows,
                    "seconds": round(event.seconds, 3),
                    "told": event.message,
                }
            )
        elif isinstance(event, HookFailed) and not event.again:
            self._hooks.append(
                {
                    "phase": event.phase,
                    "hook": event.hook,
                    "ok": False,
                    "rows": 0,
                    "seconds": round(event.seconds, 3),
                    "told": event.error,
                }
            )
        elif isinstance(event, HookSkipped):
            self._hooks.append({"phase": event.phase, "hook": event.hook, "ok": True, "told": event.reason})
        elif isinstance(event, MigrationRetried):
            self._attempts = event.attempt
            self._fresh()
        elif isinstance(event, StepCompleted):
            self._statements += 1
            if self._slowest is None or event.seconds > self._slowest["seconds"]:
                place = f"{event.file}:{event.line_number}" if event.file else ""
                self._slowest = {"place": place, "seconds": round(event.seconds, 3)}

    def starts(self) -> None:
        """A migration begins. The table is made if it is not there; where it may not be made, it goes without."""
        self._forget()
        if not self._ready:
            self._ready = True
            if reason := self._events.create():
                self._sink.emit(EventNotKept("", reason))

    def opened(self, job: Job) -> None:
        """Its transaction, or its first step, begins; called within that transaction."""
        self._outside = len(self._hooks)
        if self._pggit is not None:
            self._pggit.open(job.version, job.name)

    def locks(self) -> None:
        """Note the locks that the open transaction holds."""
        import psycopg

        try:
            with self._connection.transaction():
                rows = self._connection.execute(_HELD).fetchall()
        except psycopg.Error:
            if self._connection.closed:
                raise
            return
        for relation, mode, made in rows:
            held = _mode(mode)
            known = self._held.get(relation)
            if held is not None and not made and (known is None or known.rank < held.rank):
                self._held[relation] = held

    def done(self, job: Job) -> None:
        """It is done and the ledger says so; called within the transaction that both commit with."""
        if job.transaction:
            self.locks()
        entry = self._ledger.entry(job.version)
        if entry is not None:
            what = What.APPLIED if entry.state is State.APPLIED else What.ROLLED_BACK
            self._write(job, what, entry, "")

    def failed(self, job: Job, error: str) -> None:
        """It failed and the ledger says so; called within the transaction that both commit with."""
        entry = self._ledger.entry(job.version)
        if entry is not None:
            if job.transaction:
                self._held.clear()
            self._write(job, What.FAILED, entry, error)

    def rolled_back(self, job: Job) -> None:
        """What was written in the migration's transaction is gone with it."""
        if self._pggit is not None:
            self._pggit.rolled_back(step_by_step=not job.transaction)

    def committed(self) -> None:
        """The transaction of the last event has committed."""
        if self._pggit is not None:
            self._pggit.committed()

    def _write(self, job: Job, what: What, entry: Entry, error: str) -> None:
        happening = Happening(
            str(uuid.uuid4()),
            job.version,
            job.name,
            what,
            self._when(entry, what),
            self._data(job, entry, error),
        )
        if told := self._events.add(happening):
            self._sink.emit(EventNotKept(job.version, told))
        if self._pggit is not None:
            self._pggit.tell(happening)

    def _when(self, entry: Entry, what: What) -> Any:
        """The time in the ledger, so that row and event are recognised as one; else now."""
        same = (entry.state is State.FAILED) == (what is What.FAILED)
        if same and entry.finished_at is not None:
            return entry.finished_at
        row = self._connection.execute("SELECT pg_catalog.clock_timestamp()").fetchone()
        return row[0] if row else None

    def _data(self, job: Job, entry: Entry, error: str) -> dict[str, Any]:
        return {
            "direction": job.direction,
            "transaction": job.transaction,
            "started_at": entry.started_at and entry.started_at.isoformat(),
            "duration_ms": entry.duration_ms if not error else None,
            "rows": entry.rows if not error else None,
            "applied_by": entry.applied_by,
            "checksum": job.checksum,
            "plan_hash": entry.plan_hash,
            "git_commit": entry.git_commit,
            "server_version": self._connection.info.parameter_status("server_version"),
            "attempts": self._attempts,
            "statements": self._statements,
            "slowest": self._slowest,
            "locks": [
                {"relation": relation, "mode": mode.value}
                for relation, mode in sorted(self._held.items(), key=lambda item: (-item[1].rank, item[0]))
            ],
            "hooks": list(self._hooks),
            "error": error or None,
        }

    def _forget(self) -> None:
        self._attempts = 1
        self._outside = 0
        self._fresh()

    def _fresh(self) -> None:
        """Forget an attempt; hooks that ran before its transaction are not repeated with it."""
        del self._hooks[self._outside :]
        self._held = {}
        self._statements = 0
        self._slowest = None


def _mode(name: str) -> LockMode | None:
    """`AccessExclusiveLock`, as pg_locks calls it, under the name of the manual."""
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in name.removesuffix("Lock"))
    spelt = words.strip().upper()
    return LockMode(spelt) if spelt in {mode.value for mode in LockMode} else None
