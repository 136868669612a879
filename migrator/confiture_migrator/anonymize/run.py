"""From two databases and a profile to a copy and a report: look, mark, copy, verify, take the mark away."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.profiles import Profile
from confiture_migrator.anonymize import marker
from confiture_migrator.anonymize.aftermath import after_load
from confiture_migrator.anonymize.errors import safe_message
from confiture_migrator.anonymize.events import CopyCompleted, CopyStarted, TableCopied
from confiture_migrator.anonymize.guard import filled_tables, refuse_filled, refuse_same
from confiture_migrator.anonymize.job import Job, Loaded, Unit
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Live, read_live
from confiture_migrator.anonymize.plan import CopyPlan, make_plan
from confiture_migrator.anonymize.progress import Progress
from confiture_migrator.anonymize.report import Check, Report, TableReport
from confiture_migrator.anonymize.schedule import executor, run_units, units_of
from confiture_migrator.anonymize.session import prepare
from confiture_migrator.anonymize.verify import verify
from confiture_migrator.errors import ApplyFailed, MigrateError
from confiture_migrator.events import Sink
from confiture_migrator.target import connect, url_from

if TYPE_CHECKING:
    import psycopg


_BYTES_A_ROW = 100
"""Of a table that was never analysed: a guess, for the time that is left."""


class Wanted(NamedTuple):
    """What the command line asks for."""

    source: str
    """`env:VARIABLE`."""
    target: str
    truncate: bool
    check: bool
    jobs: int
    tenant: str
    path: tuple[str, ...]
    """Schemas in which the profile's tables are looked for."""


def anonymize(
    profile: Profile, text: bytes, wanted: Wanted, sink: Sink, pool: Executor | None = None
) -> Report:
    """Make the copy; `pool` runs its units, by default threads or processes of this machine.

    Raises `ConfigError` for a profile that does not fit, `PlanRefused` before anything was changed, `ApplyFailed` when the
    copy stopped half-way; the target says that it is unusable then.
    """
    import psycopg

    source = connect(url_from(wanted.source, "--source"))
    run = None
    try:
        target = connect(url_from(wanted.target, "--target"))
        try:
            run = _Run(profile, text, wanted, sink, source, target)
            return run.run(pool)
        finally:
            target.close()
    except psycopg.Error as error:
        if run is None or not run.begun:
            raise MigrateError(f"nothing was copied: {safe_message(error)}") from None
        raise ApplyFailed(f"the copy stopped: {safe_message(error)}") from None
    finally:
        source.close()


class _Run:
    def __init__(
        self,
        profile: Profile,
        text: bytes,
        wanted: Wanted,
        sink: Sink,
        source: "psycopg.Connection[Any]",
        target: "psycopg.Connection[Any]",
    ) -> None:
        self.profile = profile
        self.text = text
        self.wanted = wanted
        self.sink = sink
        self.source = source
        self.target = target
        self.keyring = Keyring()
        self.begun = False
        """Whether the target was changed."""
        self.notes: list[str] = []
        self.seconds: dict[str, float] = {}
        self.rows: dict[str, int] = {}
        self.peak = 0

    def run(self, pool: Executor | None) -> Report:
        begun = time.monotonic()
        identity = refuse_same(self.source, self.target)
        prepare(self.source)
        prepare(self.target)
        there = read_live(self.target)
        here = read_live(self.source)
        plan = make_plan(self.profile, here, there, self.keyring, self.wanted.tenant, self.wanted.path)
        self.notes += plan.notes
        replica = self._replica()
        units_of(
            plan, replica=replica, split=False, version=here.version
        )  # refuses circles, before anything is changed
        digest = self._digest(identity)
        done = self._occupy(there, digest)
        # Only now, when all that can be refused is: a snapshot that is held keeps the source from cleaning up.
        self.source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = self.source.execute("SELECT pg_catalog.pg_export_snapshot()").fetchone()
        job = Job(
            self.wanted.source,
            self.wanted.target,
            f"confiture-anonymize {secrets.token_hex(6)}",
            str(snapshot[0]) if snapshot else "",
            replica,
        )
        # What stops from here on leaves the mark, and the tables that are there: the next run goes on.
        self._copy(plan, job, done, here, pool)
        after_load(self.source, self.target, here, there, plan, self.notes)
        copied = time.monotonic()
        marker.finish(self.target, "loaded")
        checks: tuple[Check, ...] = ()
        if self.wanted.check:
            checks = verify(plan, self.source, self.target, self.keyring, self.rows, there, self.sink)
        state = (
            "unverified"
            if not self.wanted.check
            else "failed"
            if any(c.severity == "error" for c in checks)
            else "verified"
        )
        marker.finish(self.target, state)
        ended = time.monotonic()
        made = self._report(
            plan, state, checks, copied - begun, ended - copied, (here.version, there.version)
        )
        self.sink.emit(CopyCompleted("", made.rows, made.seconds, state))
        return made

    def _digest(self, identity: tuple[str, int]) -> str:
        """What an interrupted run must agree in, to go on: profile, keys, source."""
        state = hashlib.sha256(self.text)
        state.update(repr(identity).encode())
        for variable in self.profile.keys:
            state.update(self.keyring.keyed(variable, b"fingerprint\0").digest(b"")[:8])
        return state.hexdigest()

    def _occupy(self, there: Live, digest: str) -> dict[str, int]:
        """Mark the target and make it empty; returns the tables that an interrupted run left there, and their rows."""
        mark = marker.read_mark(self.target)
        again = (
            mark is not None
            and mark.digest == digest
            and mark.state in ("loading", "loaded")
            and not self.wanted.truncate
        )
        done = mark.done if mark is not None and again else {}
        filled = [name for name in filled_tables(self.target, there) if name not in done]
        if not self.wanted.truncate and not again:
            refuse_filled(filled)
        self.begun = True
        note = marker.begin(self.target, self.profile.name, digest, again=again)
        if note:
            self.notes.append(note)
        if done:
            self.notes.append(
                f"{len(done)} tables were there from an interrupted run, which read an earlier snapshot of the source"
            )
        if filled and not done:
            names = ", ".join(there.tables[name].sql for name in there.tables)
            self.target.execute(f"TRUNCATE {names} RESTART IDENTITY".encode())
        elif filled:
            with self.target.transaction():
                if self._replica():
                    self.target.execute("SET LOCAL session_replication_role = replica")
                for name in filled:
                    self.target.execute(f"DELETE FROM {there.tables[name].rows}".encode())
        return done

    def _replica(self) -> bool:
        """Whether the target's role may switch foreign keys and triggers off for its session."""
        import psycopg

        try:
            with self.target.transaction(force_rollback=True):
                self.target.execute("SET LOCAL session_replication_role = replica")
        except psycopg.errors.InsufficientPrivilege:
            note = "the target's role may not set session_replication_role: tables are loaded parents first, foreign keys are checked on the way"
            if note not in self.notes:
                self.notes.append(note)
            return False
        return True

    def _copy(
        self, plan: CopyPlan, job: Job, done: Mapping[str, int], here: Live, pool: Executor | None
    ) -> None:
        self.rows.update({name: rows for name, rows in done.items() if name in here.tables})
        left = plan._replace(tables=tuple(each for each in plan.tables if each.table.full not in done))
        if not job.replica:
            owned = [each.table for each in left.tables if not each.table.owned]
            self.notes += [
                f"{table.full}: the role does not own it, and its triggers fire while it is loaded"
                for table in owned
            ]
        units = units_of(left, replica=job.replica, split=self.wanted.jobs > 1, version=here.version)
        for name in {name for unit in units for name in unit.names}:
            marker.announce(self.target, name, sum(name in unit.names for unit in units))
        estimate = sum(
            each.table.estimate if each.table.estimate >= 0 else each.table.bytes / _BYTES_A_ROW
            for each in left.tables
        )
        self.sink.emit(CopyStarted("", self.profile.name, len(left.tables), int(estimate), self.wanted.jobs))
        progress = Progress(self.target, job.run, len(left.tables), estimate, self.sink)

        def loaded(unit: Unit, result: Loaded) -> None:
            for name, rows in result.rows.items():
                self.rows[name] = self.rows.get(name, 0) + rows
                self.seconds[name] = self.seconds.get(name, 0.0) + result.seconds / len(result.rows)
                self.sink.emit(TableCopied("", name, rows, result.seconds))
            self.peak = max(self.peak, result.peak_kilobytes)
            progress.done(sum(result.rows.values()), len(unit.names))

        given = pool if pool is not None else executor(self.wanted.jobs)
        try:
            run_units(job, units, plan.keys, given, done=loaded, idle=progress.tell)
        except BaseException:
            self._cancel(job)
            raise
        finally:
            if pool is None:
                given.shutdown(wait=True, cancel_futures=True)

    def _cancel(self, job: Job) -> None:
        """Stop what other sessions of this run still do, wherever their programs run."""
        import psycopg

        for connection in (self.source, self.target):
            try:
                connection.execute(
                    "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity "
                    "WHERE application_name = %s",
                    [job.run],
                )
            except psycopg.Error:
                continue  # why the run stops is what must be told, not that this session is lost, too

    def _report(
        self,
        plan: CopyPlan,
        state: str,
        checks: tuple[Check, ...],
        seconds: float,
        verify_seconds: float,
        versions: tuple[int, int],
    ) -> Report:
        tables = []
        for each in plan.tables:
            name = each.table.full
            compiled = each.compiled(self.keyring)
            strategies = tuple(
                (column.name, spec.type) for column, spec in each.columns if spec and spec.type != "keep"
            )
            engine = "python" if any(column.python for column in compiled) else "sql"
            tables.append(
                TableReport(name, self.rows.get(name, 0), self.seconds.get(name, 0.0), strategies, engine)
            )
        return Report(
            self.profile.name,
            state,
            tuple(tables),
            plan.skipped,
            checks,
            tuple(self.notes),
            seconds,
            verify_seconds,
            self.peak,
            versions,
        )
