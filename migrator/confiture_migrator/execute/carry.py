"""The one sequence in which a migration is carried out, whoever does it and whatever they watch.

In one transaction: hooks that must be outside come first; then the transaction: ledger row, BEFORE_VALIDATION, BEFORE_DDL,
statements, AFTER_DDL, constraints checked, AFTER_VALIDATION, CLEANUP, ledger row, COMMIT.

Step by step: hooks and statements are units in the same order. A unit that may be in a transaction commits together with
its journal entry; one that may not is journaled before and after.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from confiture_migrator.errors import ApplyFailed, StateUnknown
from confiture_migrator.execute.failures import StepFailure
from confiture_migrator.execute.job import Job
from confiture_migrator.execute.python_statements import Sent, watched
from confiture_migrator.execute.watch import Watch
from confiture_migrator.hooks.builtin.script import changed_rows
from confiture_migrator.hooks.run import HookRunner
from confiture_migrator.hooks.values import BoundHook, HookPhase
from confiture_migrator.ledger.table import ourselves
from confiture_migrator.migrations.statements import Statement
from confiture_migrator.plan.values import PlanSettings

if TYPE_CHECKING:
    import psycopg

Unit = BoundHook | Statement | None
"""A hook, a statement, or (None) what a Python migration does."""

_BEFORE = (HookPhase.BEFORE_VALIDATION, HookPhase.BEFORE_DDL)
_AFTER = (HookPhase.AFTER_DDL, HookPhase.AFTER_VALIDATION, HookPhase.CLEANUP)


class Journal(Protocol):
    """Writes down what is being done; within the transaction, if one is open."""

    def begin(self, job: Job) -> None:
        """A migration is under way."""
        ...

    def done(self, job: Job, seconds: float, rows: int) -> None:
        """It is done."""
        ...

    def step_begun(self, job: Job, unit: int) -> None:
        """A unit outside a transaction is about to run."""
        ...

    def step_done(self, job: Job, unit: int) -> None:
        """A unit is done."""
        ...


class Carrier:
    """Carries one job out on one connection."""

    def __init__(
        self,
        job: Job,
        connection: "psycopg.Connection[Any]",
        runner: HookRunner,
        journal: Journal,
        watch: Watch,
        settings: PlanSettings,
    ) -> None:
        self.job = job
        self.connection = connection
        self.runner = runner
        self.journal = journal
        self.watch = watch
        self.settings = settings
        self._rows = 0
        runner.context.in_transaction = job.transaction

    @property
    def rows(self) -> int:
        """Rows that statements and hooks changed."""
        return self._rows + self.runner.rows

    # In one transaction.

    def outside_first(self) -> None:
        """Run the hooks that must come before the transaction; they are not repeated with it."""
        for bound in self._outside_hooks():
            self.runner.hook(bound)

    def _outside_hooks(self) -> list[BoundHook]:
        first: list[BoundHook] = []
        begun = ""
        for bound in self.job.hooks:
            if bound.phase is HookPhase.ON_ERROR:
                continue
            if not bound.outside:
                begun = begun or f"{bound.name} ({bound.phase})"
            elif begun or bound.phase not in _BEFORE:
                raise ApplyFailed(
                    f"hook {bound.name} runs outside a transaction, and in {bound.phase} the transaction is open: put it "
                    "first in before_validation, or write `transaction: false` in a YAML migration"
                )
            else:
                first.append(bound)
        return first

    def in_transaction(self) -> None:
        """Do all of it, or nothing."""
        begun = time.monotonic()
        self._rows = self.runner.rows = 0
        hooks = [bound for bound in self.job.hooks if not bound.outside]
        with self.connection.transaction():
            self._limit()
            self.journal.begin(self.job)
            mark = self._transaction_id()
            for phase in _BEFORE:
                self.runner.phase(phase, hooks)
            for index, statement in enumerate(self.job.statements):
                self._statement(index, statement)
            if self.job.python is not None:
                self._python()
            self._still_ours(mark)
            self.runner.phase(HookPhase.AFTER_DDL, hooks)
            self._constraints()
            self.runner.phase(HookPhase.AFTER_VALIDATION, hooks)
            self.runner.phase(HookPhase.CLEANUP, hooks)
            self._constraints()
            self._still_ours(mark)
            ourselves(self.connection)
            self.journal.done(self.job, time.monotonic() - begun, self.rows)

    def _transaction_id(self) -> object:
        row = self.connection.execute("SELECT pg_catalog.pg_current_xact_id()::text").fetchone()
        return row and row[0]

    def _still_ours(self, mark: object) -> None:
        """A script, function or hook that commits would tear the migration apart; the row `running` then remains."""
        from psycopg.pq import TransactionStatus

        if (
            self.connection.info.transaction_status == TransactionStatus.IDLE
            or self._transaction_id() != mark
        ):
            raise StateUnknown(
                f"{self.job.name} ended the migrator's transaction itself: what it did before that is committed, and the "
                "ledger says so. Take the COMMIT or ROLLBACK out, look at the database, then take back or repeat by hand"
            )

    def _constraints(self) -> None:
        """What is deferred to the end is checked now, where a failure still has a name."""
        import psycopg

        try:
            self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            raise StepFailure(None, error, f"{self.job.file}: a deferred constraint") from error

    # Step by step.

    def units(self) -> Sequence[Unit]:
        """Everything to be done, in order."""
        units: list[Unit] = [bound for bound in self.job.hooks if bound.phase in _BEFORE]
        units += self.job.statements
        units += [None] if self.job.python is not None else []
        units += [bound for phase in _AFTER for bound in self.job.hooks if bound.phase is phase]
        return units

    def unit(self, index: int, unit: Unit) -> None:
        """Do one and journal it."""
        if unit is not None and unit.outside:
            with self.connection.transaction():
                ourselves(self.connection)
                self.journal.step_begun(self.job, index)
            self._outside_limits(unit)
            self._do(index, unit)
            with self.connection.transaction():
                ourselves(self.connection)
                self.journal.step_done(self.job, index)
            return
        with self.connection.transaction():
            self._limit()
            self._do(index, unit)
            ourselves(self.connection)
            self.journal.step_done(self.job, index)

    def _do(self, index: int, unit: Unit) -> None:
        if isinstance(unit, BoundHook):
            self.runner.hook(unit)
        elif unit is None:
            self._python()
        else:
            self._statement(index, unit)

    def _outside_limits(self, unit: BoundHook | Statement) -> None:
        """Timeouts for what runs outside a transaction.

        No statement timeout: cutting a long index build is what leaves rubbish. No lock timeout either for what is
        concurrent: it waits for old transactions without blocking anybody.
        """
        concurrent = isinstance(unit, BoundHook) or (unit.outside is not None and unit.outside.concurrent)
        _set(self.connection, "statement_timeout", "0", local=False)
        _set(self.connection, "lock_timeout", "0" if concurrent else self.settings.lock_timeout, local=False)

    # Both.

    def _limit(self) -> None:
        _set(self.connection, "lock_timeout", self.settings.lock_timeout, local=True)
        _set(self.connection, "statement_timeout", self.settings.statement_timeout, local=True)

    def _statement(self, index: int, statement: Statement) -> None:
        import psycopg

        try:
            with self.watch.step(index, statement) as rows:
                rows.append(changed_rows(self.connection.execute(statement.sql.encode())))
        except psycopg.Error as error:
            raise StepFailure(statement, error) from error
        self._rows += sum(rows)

    def _python(self) -> None:
        """Run a Python migration; whatever it raises is its failure."""
        if self.job.python is None:
            return
        with watched(self.connection, self.watch, self.job.file, self.job.disk) as sent:
            self._call(self.job.python, sent)
        self._rows += sent.rows

    def _call(self, python: "Callable[[psycopg.Connection[Any]], object]", sent: Sent) -> None:
        import psycopg

        try:
            python(self.connection)
        except psycopg.Error as error:
            failed = sent.failed[1] if sent.failed is not None and sent.failed[0] is error else None
            raise StepFailure(failed, error, self.job.file) from error
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                raise
            raise ApplyFailed(f"{self.job.file}: {type(error).__name__}: {error}") from error


def _set(connection: "psycopg.Connection[Any]", name: str, value: str, *, local: bool) -> None:
    connection.execute("SELECT pg_catalog.set_config(%s, %s, %s)", [name, value, local])
