"""`Apply`: carries a job out for real, with a ledger that is true at every instant."""

import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from confiture_migrator.errors import ApplyFailed, MigrateError, PlanRefused, StateUnknown
from confiture_migrator.events import (
    MigrationCompleted,
    MigrationFailed,
    MigrationRetried,
    MigrationStarted,
    Several,
    Sink,
    StepReconciled,
)
from confiture_migrator.execute.carry import Carrier, Unit
from confiture_migrator.execute.chronicle import Chronicle
from confiture_migrator.execute.failures import RETRIED, explained, sqlstate_of
from confiture_migrator.execute.job import Job, Outcome
from confiture_migrator.execute.reconcile import Finding, Verdict, replay_settings, settle
from confiture_migrator.execute.session import Session
from confiture_migrator.execute.watch import EventWatch
from confiture_migrator.hooks.run import HookFailure, HookRunner
from confiture_migrator.hooks.values import BoundHook, HookContext, HookPhase
from confiture_migrator.ledger import Entry, Ledger, State
from confiture_migrator.migrations.outside import Outside
from confiture_migrator.migrations.statements import Statement
from confiture_migrator.pggit import Pggit

LONGEST_BACKOFF = 30.0
"""Seconds."""


class Apply:
    """The executor that changes the database. `session` holds the advisory lock."""

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        sink: Sink,
        context: Callable[[Job], HookContext],
        *,
        plan_hash: str | None = None,
        resume: bool = False,
        pggit: Pggit | None = None,
    ) -> None:
        self.session = session
        self.ledger = ledger
        self.sink = sink
        self.context = context
        self.plan_hash = plan_hash
        self.resume = resume
        self.chronicle = Chronicle(session.connection, ledger, sink, pggit)

    def run(self, job: Job) -> Outcome:
        """Carry a job out; raises `ApplyFailed` after a roll-back, `StateUnknown` where nobody can tell."""
        import psycopg

        self.session.reset()
        entry = self.ledger.entry(job.version)
        connection = self.session.connection
        self.chronicle.starts()
        sink = Several((self.chronicle, self.sink))
        runner = HookRunner(connection, self.context(job), sink)
        watch = EventWatch(job.version, sink)
        carrier = Carrier(job, connection, runner, self, watch, self.session.settings)
        self.sink.emit(MigrationStarted(job.version, job.name, job.direction, job.transaction))
        begun = time.monotonic()
        try:
            if job.transaction:
                carrier.outside_first(self._done_before(job, entry))
                self._again(job, carrier.in_transaction)
            else:
                self._by_step(job, carrier, entry)
        except PlanRefused:
            raise
        except MigrateError as error:
            self._failed(job, runner, error, entry)
        except psycopg.Error as error:
            self._failed(job, runner, _wrapped(error), entry)
        except KeyboardInterrupt as error:
            stopped = ApplyFailed(f"{job.name} was interrupted")
            stopped.__cause__ = error
            self._failed(job, runner, stopped, entry)
        seconds = time.monotonic() - begun
        self.chronicle.committed()
        self.sink.emit(MigrationCompleted(job.version, job.name, job.direction, seconds, carrier.rows))
        return Outcome(job.version, job.name, seconds, carrier.rows)

    def _again(self, job: Job, attempt: Callable[[], None]) -> None:
        """Try, and after a lock timeout or deadlock try again after a growing pause, while nothing is held."""
        settings = self.session.settings
        for number in range(settings.lock_retries + 1):
            try:
                attempt()
            except MigrateError as error:
                locked = sqlstate_of(error) in RETRIED and not self.session.connection.closed
                if not locked or number == settings.lock_retries:
                    raise
                pause = min(settings.lock_backoff_seconds * 2**number, LONGEST_BACKOFF)
                told = str(error).partition("\n")[0] + self._holders(error)
                retried = MigrationRetried(job.version, job.name, number + 2, pause, told)
                Several((self.chronicle, self.sink)).emit(retried)
                time.sleep(pause)
            else:
                return

    def _holders(self, error: MigrateError) -> str:
        """Who has locks on what a statement waited for; what they run is not told, for it may hold secrets."""
        statement = getattr(error, "statement", None)
        found = self.session.lock_holders(statement.sql if statement is not None else "")
        return f" (locks are held by {'; '.join(found)})" if found else ""

    def _done_before(self, job: Job, entry: Entry | None) -> Callable[[BoundHook], str]:
        """What a failed run of the same content left done before its transaction; its hooks are not repeated."""

        def done(bound: BoundHook) -> str:
            if bound.alone is None or entry is None or entry.checksum != job.checksum:
                return ""
            finding = settle(self.session.connection, bound.alone)
            return finding.told if finding.verdict is Verdict.DONE else ""

        return done

    # Step by step.

    def _by_step(self, job: Job, carrier: Carrier, entry: Entry | None) -> None:
        begun = time.monotonic()
        units = carrier.units()
        first = self._first_unit(job, units, entry)
        for index in range(first, len(units)):
            unit = units[index]

            def attempt(index: int = index, unit: Unit = unit) -> None:
                try:
                    carrier.unit(index, unit)
                except MigrateError as error:
                    self._clean(job, index, unit, error)
                    raise

            self._again(job, attempt)
        with self.ledger.apart():
            self.done(job, time.monotonic() - begun, carrier.rows)

    def _first_unit(self, job: Job, units: Sequence[Unit], entry: Entry | None) -> int:
        """Where to begin: at the beginning, or where the ledger says that an earlier run stopped."""
        unfinished = entry is not None and entry.state in (State.RUNNING, State.FAILED)
        if entry is None or not unfinished or entry.direction != job.direction:
            with self.ledger.apart():
                self.begin(job)
            return 0
        if not self.resume and (entry.step or entry.doing is not None):
            raise PlanRefused(
                f"{job.name} stopped after {entry.step} of {len(units)} steps: look at `confiture-migrate status`, then "
                "go on with --resume"
            )
        if entry.checksum != job.checksum and entry.step:
            raise PlanRefused(
                f"{job.file} was edited after it had been begun ({entry.step} of {len(units)} steps are done): put the "
                "old content back to go on"
            )
        self.ledger.resume(job.version, job.checksum, self.plan_hash)
        with self.ledger.apart():
            self.chronicle.opened(job)
        done = units[: max(entry.step, entry.doing or 0)]
        replay_settings(self.session.connection, (unit for unit in done if isinstance(unit, Statement)))
        if entry.doing is None or entry.doing >= len(units):
            return entry.step
        return entry.step + self._settled(job, entry.doing, units[entry.doing])

    def _settled(self, job: Job, index: int, unit: Unit) -> int:
        """Find out what became of a unit that had begun: 1 if it is done, 0 if it is to be repeated."""
        file, line = _place(job, unit)
        alone = _alone(unit)
        if alone is not None:
            finding = settle(self.session.connection, alone)
        elif isinstance(unit, BoundHook) and unit.outside:
            finding = Finding(Verdict.AGAIN, f"hook {unit.name} had begun and runs again")
        else:
            finding = Finding(Verdict.AGAIN, "it was rolled back")
        if finding.verdict is Verdict.UNKNOWN:
            raise StateUnknown(
                f"{file}:{line} had begun, and {finding.told}. Look at the database, say in the row of version "
                f"{job.version} in confiture.ledger what you found (doing = NULL and step = {index}, or {index + 1} if it "
                "took effect), then --resume"
            )
        told = f"{finding.told}, cleaned up" if finding.cleaning else finding.told
        self.sink.emit(StepReconciled(job.version, index, file, line, told))
        done = finding.verdict is Verdict.DONE
        with self.ledger.apart():
            if done:
                self.ledger.step_done(job.version, index)
            else:
                self.ledger.step_undone(job.version)
        return int(done)

    def _clean(self, job: Job, index: int, unit: Unit, error: MigrateError) -> None:
        """After a refusal outside a transaction: drop what it left, so that it can be repeated."""
        connection = self.session.connection
        if connection.closed or unit is None or not unit.outside or isinstance(error, StateUnknown):
            return
        alone = _alone(unit)
        finding = settle(connection, alone) if alone is not None else None
        if finding is not None and finding.cleaning:
            told = f"{finding.told}, cleaned up"
            self.sink.emit(StepReconciled(job.version, index, *_place(job, unit), told))
        with self.ledger.apart():
            self.ledger.step_undone(job.version)

    # Failure.

    def _failed(self, job: Job, runner: HookRunner, error: MigrateError, entry: Entry | None) -> NoReturn:
        """Write it down, let ON_ERROR hooks run, and raise; the first error is what is raised, whatever happens."""
        if self.session.connection.closed:
            self._unknown(job, error)
        said = str(error) + (self._holders(error) if sqlstate_of(error) in RETRIED else "")
        notes = [*self._recorded(job, error, entry), *self._on_error(job, runner, said)]
        unknown = isinstance(error, StateUnknown)
        state = "unknown" if unknown else "rolled_back" if job.transaction else "resumable"
        self.sink.emit(MigrationFailed(job.version, job.name, job.direction, said, state))
        then = "" if unknown else _then(job)
        kind = StateUnknown if unknown else ApplyFailed
        raise kind("\n".join(filter(None, [said, then, *notes]))) from error

    def _unknown(self, job: Job, error: BaseException) -> NoReturn:
        said = (
            f"{job.name}: the connection to the server was lost ({str(error).strip().partition(chr(10))[0]}). Whether the "
            "migration is applied is not known from here: run `confiture-migrate status`, which asks the ledger, as soon "
            "as the server answers"
        )
        self.sink.emit(MigrationFailed(job.version, job.name, job.direction, said, "unknown"))
        raise StateUnknown(said) from error

    def _recorded(self, job: Job, error: MigrateError, entry: Entry | None) -> list[str]:
        """Write the failure into the ledger; where that fails, too, only a note tells."""
        import psycopg

        try:
            self.session.reset()
            self.chronicle.rolled_back(job)
            with self.session.connection.transaction():
                if job.direction == "down" and job.transaction and entry is not None:
                    self.ledger.restore(entry, str(error))
                else:
                    if job.transaction and not isinstance(error, StateUnknown):
                        self._begin(job)
                        if job.lasting is not None:
                            self.step_begun(job, job.lasting)
                    self.ledger.fail(job.version, str(error))
                self.chronicle.failed(job, str(error))
            self.chronicle.committed()
        except psycopg.Error as second:
            return [f"The failure could not be written into the ledger: {explained(second)}"]
        return []

    def _on_error(self, job: Job, runner: HookRunner, said: str) -> list[str]:
        """Run ON_ERROR hooks, each in a transaction of its own; what goes wrong there is only noted."""
        runner.context.error = said
        notes = []
        for bound in (each for each in job.hooks if each.phase is HookPhase.ON_ERROR):
            try:
                runner.hook(bound)
            except HookFailure as second:
                notes.append(f"Besides, {second}")
            if self.session.connection.closed:
                break
        return notes

    # The journal (`carry.Journal`).

    def begin(self, job: Job) -> None:
        """A migration is under way."""
        self._begin(job)
        self.chronicle.opened(job)

    def _begin(self, job: Job) -> None:
        self.ledger.begin(job.version, job.name, job.checksum, self.plan_hash, job.direction)

    def done(self, job: Job, seconds: float, rows: int) -> None:
        """It is done."""
        state = State.APPLIED if job.direction == "up" else State.REVERTED
        self.ledger.finish(job.version, state, round(seconds * 1000), rows)
        self.chronicle.done(job)

    def step_begun(self, job: Job, unit: int) -> None:
        """A unit outside a transaction is about to run."""
        self.ledger.step_begun(job.version, unit)

    def step_done(self, job: Job, unit: int) -> None:
        """A unit is done."""
        self.ledger.step_done(job.version, unit)
        self.chronicle.locks()


def _then(job: Job) -> str:
    """In which state the database is after a failure, and how to go on."""
    verb = "apply PLAN --resume" if job.direction == "up" else "rollback --resume"
    if not job.transaction:
        return (
            f"The steps of {job.name} before it are done and in the ledger. Next: remove the cause, then go on with --resume "
            f"(`confiture-migrate {verb}`); `confiture-migrate status` says how far it has come"
        )
    if job.direction == "down":
        return f"All of it is rolled back: {job.name} is applied as it was. Next: remove the cause, then roll back again"
    if job.lasting is None:
        return (
            f"All of it is rolled back: nothing of {job.name} is in the database; what was applied before it stays. Next: "
            "remove the cause, then `confiture-migrate apply PLAN --resume`; if a file changes, make the plan again"
        )
    hook = job.hooks[job.lasting]
    place = f"{hook.file or job.file}:{hook.line}"
    return (
        f"Its transaction is rolled back. What hook {hook.name} ({place}) did before it stays, and is not repeated by "
        "`confiture-migrate apply PLAN --resume`"
    )


def _alone(unit: Unit) -> Outside | None:
    """The statement outside a transaction that a unit is."""
    if isinstance(unit, BoundHook):
        return unit.alone
    return unit.outside if unit is not None else None


def _place(job: Job, unit: Unit) -> tuple[str, int]:
    if isinstance(unit, BoundHook):
        return unit.file or job.file, unit.line
    return (unit.file, unit.line) if unit is not None else (job.file, 1)


def _wrapped(error: Exception) -> MigrateError:
    """A refusal outside any statement or hook: of the COMMIT, of the ledger."""
    import psycopg

    made = ApplyFailed(explained(error) if isinstance(error, psycopg.Error) else str(error))
    made.__cause__ = error
    return made
