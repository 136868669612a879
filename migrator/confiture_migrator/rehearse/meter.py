"""`Meter`: a watch that measures every statement of one migration."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from confiture_linter.effects.values import LockMode
from confiture_migrator.migrations.statements import Statement
from confiture_migrator.plan.steps import Prediction
from confiture_migrator.rehearse.compare import differences
from confiture_migrator.rehearse.observe import Observer, Relation, rows_between, scanned_between
from confiture_migrator.rehearse.values import HeldLock, StepReport

SAMPLING = 0.002
"""Seconds between two looks at the locks of a statement that lets go of them itself."""
EAGER = 0.1
"""Seconds in which it looks without pause: what is short must be seen, too."""
LOCKABLE = frozenset("rpmvSf")
"""Kinds of relations whose locks matter to others: tables, views, materialized views, sequences."""


class Meter:
    """Measures; what measuring itself takes is in `overhead` and in no step."""

    def __init__(self, observer: Observer, predicted: Prediction) -> None:
        self._observer = observer
        self._predicted = predicted
        self.steps: list[StepReport] = []
        self.overhead = 0.0
        begun = time.monotonic()
        self.before = observer.relations()
        """What was there before the migration."""
        self._there = frozenset(relation.name for relation in self.before.values())
        self._nodes = {oid: relation.filenode for oid, relation in self.before.items()}
        self._counts = observer.counts()
        self._disturbed = False
        self._held: dict[int, LockMode] = {}
        self._open: list[HeldLock] = []
        self.overhead += time.monotonic() - begun

    def disturbed(self) -> None:
        """Say that something else, a hook, has changed the database."""
        self._disturbed = True

    def ended(self) -> None:
        """Say that the transaction is over: its locks are free."""
        now = time.monotonic()
        for lock in self._open:
            lock.held_seconds = max(now - lock.since - (self.overhead - lock.measured), 0.0)
        self._open.clear()
        self._held.clear()

    @contextmanager
    def step(self, index: int, statement: Statement) -> Iterator[list[int]]:
        """Measure one statement."""
        report = StepReport(
            statement.file, statement.line, statement.shown, self._predicted(index, statement)
        )
        self.steps.append(report)
        if statement.outside is not None:
            yield from self._outside(report, statement)
        else:
            yield from self._inside(report, statement)

    def _inside(self, report: StepReport, statement: Statement) -> Iterator[list[int]]:
        begun = time.monotonic()
        observer = self._observer
        if self._disturbed:
            self._nodes.update({oid: each.filenode for oid, each in observer.relations().items()})
            self._counts = observer.counts()
            self._disturbed = False
        wal = observer.wal()
        sent = time.monotonic()
        yield []
        done = time.monotonic()
        report.seconds = done - sent
        report.wal_bytes = observer.wal() - wal
        locks = observer.locks()
        after = observer.counts_of(list(locks))  # whatever was changed or read is locked
        report.rows = rows_between(self._counts, after)
        report.scans = self._known(scanned_between(self._counts, after))
        self._counts.update(after)
        self._rewrites(report, locks, statement)
        self._locks(report, locks, sent, self.overhead + sent - begun)
        report.differences = differences(report, self._named(self._held), self._there, statement)
        self.overhead += (sent - begun) + (time.monotonic() - done)

    def _outside(self, report: StepReport, statement: Statement) -> Iterator[list[int]]:
        """Locks of such a statement are gone when it is done: the second session looks while it works."""
        begun = time.monotonic()
        relations, wal = self._observer.relations(), self._observer.wal()
        sampler = _Sampler(self._observer)
        sent = time.monotonic()
        with sampler:
            yield []
            report.seconds = time.monotonic() - sent
        done = time.monotonic()
        report.wal_bytes = self._observer.wal() - wal
        self._rebuilt(report, relations, self._observer.relations())
        seen = self._named(sampler.strongest)
        for oid, (first, last) in sampler.times.items():
            name = self._name(oid)
            if name in seen:
                report.locks[name] = HeldLock(seen[name], first, held_seconds=last - first + SAMPLING)
        report.differences = differences(report, seen, self._there, statement)
        self.overhead += (sent - begun) + (time.monotonic() - done)

    def _rewrites(self, report: StepReport, locks: dict[int, LockMode], statement: Statement) -> None:
        """Find new file nodes, which only what is locked against everybody can get."""
        exclusive = [
            oid for oid, mode in locks.items() if mode is LockMode.ACCESS_EXCLUSIVE and oid in self.before
        ]
        for oid, node in self._observer.filenodes(exclusive).items() if exclusive else ():
            changed = node is not None and node != self._nodes.get(oid)
            self._nodes[oid] = node
            if changed and statement.kind != "TruncateStmt":
                self._rewritten(
                    report, self.before[oid]
                )  # TRUNCATE: a new file, and nothing is written into it

    def _rebuilt(self, report: StepReport, before: dict[int, Relation], after: dict[int, Relation]) -> None:
        """The same for what was done outside a transaction, by name: REINDEX CONCURRENTLY makes another index of it."""
        nodes = {relation.name: relation.filenode for relation in before.values()}
        for relation in after.values():
            if relation.name in nodes and nodes[relation.name] != relation.filenode:
                self._rewritten(report, relation)
        self._nodes.update({oid: each.filenode for oid, each in after.items()})

    def _rewritten(self, report: StepReport, relation: Relation) -> None:
        if relation.kind in "rm":
            report.rewrites = sorted((*report.rewrites, relation.name))
        elif relation.kind == "i":
            report.index_rebuilds = sorted((*report.index_rebuilds, relation.name))

    def _locks(self, report: StepReport, now: dict[int, LockMode], sent: float, measured: float) -> None:
        """Note the locks that this statement added or strengthened."""
        for oid, mode in now.items():
            known = self._held.get(oid)
            if known is not None and known.rank >= mode.rank:
                continue
            self._held[oid] = mode
            name = self._name(oid)
            if name:
                held = HeldLock(mode, sent, measured)
                report.locks[name] = held
                self._open.append(held)

    def _name(self, oid: int) -> str:
        """The name of a relation that was there before and whose locks matter; else nothing."""
        relation = self.before.get(oid)
        return relation.name if relation is not None and relation.kind in LOCKABLE else ""

    def _named(self, locks: dict[int, LockMode]) -> dict[str, LockMode]:
        return {name: mode for oid, mode in locks.items() if (name := self._name(oid))}

    def _known(self, tables: dict[int, str]) -> list[str]:
        return sorted(name for oid in tables if (name := self._name(oid)))


class _Sampler:
    """Looks at the locks again and again, from the second session, while the backend works."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.strongest: dict[int, LockMode] = {}
        self.times: dict[int, tuple[float, float]] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        eager = time.monotonic() + EAGER
        while True:
            last = self._stop.is_set()
            seen = self._observer.locks_meanwhile()
            now = time.monotonic()
            for oid, mode in seen.items():
                known = self.strongest.get(oid)
                if known is None or known.rank < mode.rank:
                    self.strongest[oid] = mode
                self.times[oid] = (self.times[oid][0] if oid in self.times else now, now)
            if last:
                return
            if now > eager:
                self._stop.wait(SAMPLING)
