"""`Rehearsal`: the executor that carries a job out where it may, measures it, and keeps no ledger."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from confiture_migrator.errors import MigrateError
from confiture_migrator.events import Event, HookSkipped, Several, Sink
from confiture_migrator.execute.carry import Carrier
from confiture_migrator.execute.failures import sqlstate_of
from confiture_migrator.execute.job import Job, Outcome
from confiture_migrator.hooks.run import HookRunner
from confiture_migrator.hooks.values import BoundHook, HookContext, HookResult
from confiture_migrator.plan.steps import Prediction
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.rehearse.meter import Meter
from confiture_migrator.rehearse.observe import Observer
from confiture_migrator.rehearse.samples import changed, rows_of
from confiture_migrator.rehearse.values import HookReport, MigrationReport

if TYPE_CHECKING:
    import psycopg


class Rehearsal:
    """Carries jobs out on a database that is thrown away, or in a transaction that is rolled back by whoever opened it."""

    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        second: "psycopg.Connection[Any]",
        settings: PlanSettings,
        sink: Sink,
        context: Callable[[Job], HookContext],
        predicted: Callable[[Job], Prediction],
        *,
        written: Callable[[Job], set[str]] | None = None,
    ) -> None:
        self.connection = connection
        self.observer = Observer(connection, second)
        self.settings = settings
        self.sink = sink
        self.context = context
        self.predicted = predicted
        self.written = written
        """Which tables the statements of a job may write, where rows are to be shown."""
        self.reports: list[MigrationReport] = []

    def run(self, job: Job) -> Outcome:
        """Rehearse one migration; the report tells of a failure, which is raised all the same."""
        report = MigrationReport(job.version, job.name)
        self.reports.append(report)
        meter = Meter(self.observer, self.predicted(job))
        constraints = self.observer.constraints()

        def observe(bound: BoundHook, result: HookResult | None, seconds: float, error: str | None) -> None:
            meter.disturbed()
            rows = result.rows if result is not None else 0
            report.hooks.append(HookReport(bound.phase.value, bound.name, error is None, seconds, rows))

        sink = Several((_Skips(report), self.sink))
        runner = HookRunner(self.connection, self.context(job), sink, observe=observe)
        carrier = Carrier(job, self.connection, runner, NoJournal(), meter, self.settings)
        before = rows_of(self.connection, self._sampled(job)) if self.written is not None else {}
        meter.disturbed()
        begun = time.monotonic()
        overhead = meter.overhead
        try:
            _carry(job, carrier, meter)
        except MigrateError as error:
            report.ok = False
            report.error = str(error)
            if sqlstate_of(error).startswith("23"):
                report.violations.append(str(error))
            raise
        finally:
            report.seconds = max(time.monotonic() - begun - (meter.overhead - overhead), 0.0)
            meter.ended()
            report.steps = meter.steps
        self._catalog(report, meter, constraints)
        tables = {each.name for each in meter.before.values() if each.kind in "rpm"}
        named = {name for step in report.steps for name in (*step.locks, *step.rows, *step.scans)}
        report.touched = tuple(sorted(tables & named))
        if self.written is not None:
            written = {name for step in report.steps for name in (*step.rows, *step.rewrites)}
            report.samples = changed(before, rows_of(self.connection, {*before, *written}))
        return Outcome(job.version, job.name, report.seconds, carrier.rows)

    def _sampled(self, job: Job) -> set[str]:
        """Tables whose rows may be different afterwards: those that statements may write, and those that hooks name."""
        tables = self.written(job) if self.written is not None else set()
        if self.connection.info.transaction_status == 0:
            # In a transaction that goes on, reading would leave locks behind that no statement took.
            for bound in job.hooks:
                settings = getattr(bound.hook, "config", {})
                tables.update(each for each in settings.values() if isinstance(each, str) and "." in each)
        return tables

    def _catalog(self, report: MigrationReport, meter: Meter, constraints: set[str]) -> None:
        before = {each.name for each in meter.before.values() if each.kind in "iI"}
        after = {each.name for each in self.observer.relations().values() if each.kind in "iI"}
        report.indexes = {"added": sorted(after - before), "dropped": sorted(before - after)}
        now = self.observer.constraints()
        report.constraints = {"added": sorted(now - constraints), "dropped": sorted(constraints - now)}


def _carry(job: Job, carrier: Carrier, meter: Meter) -> None:
    if job.transaction:
        carrier.outside_first()
        carrier.in_transaction()
        return
    for index, unit in enumerate(carrier.units()):
        carrier.unit(index, unit)
        meter.ended()


class NoJournal:
    """Keeps no journal: there is nothing that would have to be resumed."""

    def begin(self, job: Job) -> None:
        """Nothing."""

    def done(self, job: Job, seconds: float, rows: int) -> None:
        """Nothing."""

    def step_begun(self, job: Job, unit: int) -> None:
        """Nothing."""

    def step_done(self, job: Job, unit: int) -> None:
        """Nothing."""


class _Skips:
    """Puts hooks that were left out into the report."""

    def __init__(self, report: MigrationReport) -> None:
        self._report = report

    def emit(self, event: Event) -> None:
        """Take note."""
        if isinstance(event, HookSkipped):
            self._report.hooks.append(HookReport(event.phase, event.hook, True, 0.0, 0, event.reason))
