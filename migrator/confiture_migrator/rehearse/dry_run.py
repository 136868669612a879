"""The dry-run of a plan: where it happens, how often, and what comes of it."""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.config import Config
from confiture_linter.effects.values import LockMode
from confiture_migrator.errors import MigrateError, PlanRefused
from confiture_migrator.events import DryRunCompleted, DryRunStarted, Silence, Sink
from confiture_migrator.execute.job import Executor, Job, job_of
from confiture_migrator.execute.plan_run import contexts, verified_files
from confiture_migrator.migrations import Migration, find_migrations
from confiture_migrator.plan.steps import Prediction, prediction
from confiture_migrator.plan.values import Plan
from confiture_migrator.rehearse.base import build_base
from confiture_migrator.rehearse.estimate import Run, estimate
from confiture_migrator.rehearse.rehearsal import Rehearsal
from confiture_migrator.rehearse.restore import restore
from confiture_migrator.rehearse.values import DryRun, MigrationReport
from confiture_migrator.shadow import Shadow
from confiture_migrator.target import Target, connect, identity_of

if TYPE_CHECKING:
    import psycopg


class Options(NamedTuple):
    """How a dry-run is done."""

    fill: int = 0
    """Synthetic rows a table."""
    repeat: int = 1
    sizes: Mapping[str, int] | None = None
    """Rows of the tables in production, from the snapshot."""
    restore: str = ""
    """A dump whose rows the shadow has, in the place of the schema tree."""
    sample_rows: bool = False
    """Whether the first rows of what changes are shown."""
    without: Collection[str] = ()
    """Versions that are not to be there before the plan: those that somebody left out."""


def on_shadow(config: Config, plan: Plan, shadow: Shadow, options: Options, sink: Sink) -> DryRun:
    """Dry-run on a throw-away database, made anew for every repetition."""
    from confiture_migrator.rehearse.fill import fill

    files = verified_files(config, plan)
    sink.emit(DryRunStarted("", "shadow", shadow.server_version, len(plan.migrations)))
    begun = time.monotonic()
    base = shadow.create_database("confiture_dry_run")
    notes: list[str] = []
    if options.restore:
        restore(shadow, base, options.restore)
        notes.append(f"restored from {options.restore}: schema and rows are those of the dump")
    with shadow.connect(base) as connection:
        if not options.restore:
            there = [each for each in find_migrations(config) if each.version not in options.without]
            notes += build_base(config, plan, there, connection)
        notes += _stand_ins(shadow, connection)
    runs: list[tuple[int, list[MigrationReport]]] = []
    for rows in (options.fill // 4, options.fill) if options.fill else (0,):
        filled = shadow.clone(base)
        with shadow.connect(filled) as connection:
            if rows:
                told = fill(connection, rows)
                notes += told if rows == options.fill else []
        for _ in range(options.repeat):
            last = rows == options.fill and len(runs) + 1 == options.repeat * (2 if options.fill else 1)
            quiet = sink if last else Silence()
            runs.append((rows, _once(config, plan, files, shadow, filled, quiet, options)))
        shadow.drop_database(filled)
    shadow.drop_database(base)
    reports = runs[-1][1]
    _estimated(reports, runs, options.sizes, "a restored dump" if options.restore else "")
    if options.fill and any(report.violations for report in reports):
        notes.append("synthetic rows know the checks of the schema, not those that a migration adds")
    basis = _basis(options)
    sink.emit(DryRunCompleted("", all(each.ok for each in reports), time.monotonic() - begun))
    return DryRun(shadow.server_version, "shadow", basis, reports, notes)


def _stand_ins(shadow: Shadow, connection: "psycopg.Connection[Any]") -> list[str]:
    """Extensions of the base that are not the real ones."""
    there = {name for (name,) in connection.execute("SELECT extname FROM pg_catalog.pg_extension")}
    return [
        f"{name} is a stand-in on this server, not the real extension"
        for name in shadow.stand_ins()
        if name in there
    ]


def _basis(options: Options) -> str:
    if options.restore:
        return f"the rows of {options.restore}"
    return (
        f"{options.fill} synthetic rows a table" if options.fill else "no rows but those of the schema tree"
    )


def _once(
    config: Config,
    plan: Plan,
    files: Mapping[str, Migration],
    shadow: Shadow,
    template: str,
    sink: Sink,
    options: Options,
) -> list[MigrationReport]:
    name = shadow.clone(template)
    try:
        with shadow.connect(name) as connection, shadow.connect(name) as second:
            connection.prepare_threshold = None
            return _rehearsed(config, plan, files, connection, second, sink, sample_rows=options.sample_rows)
    finally:
        shadow.drop_database(name)


def on_target(config: Config, plan: Plan, target: Target, options: Options, sink: Sink) -> DryRun:
    """Dry-run in a transaction on the target that is always rolled back; refuses what that cannot undo."""
    files = verified_files(config, plan)
    for migration in plan.migrations:
        if not migration.transaction:
            raise PlanRefused(
                f"{migration.name} is done step by step, and what it does outside a transaction cannot be rolled back: "
                "dry-run it on the shadow, without --on-target"
            )
    runs = []
    with connect(target.url) as connection, connect(target.url) as second:
        identity = identity_of(connection)
        if plan.target is not None and plan.target.database != identity.database:
            raise PlanRefused(f"the plan is for database {plan.target.database}, this is {identity.database}")
        sink.emit(DryRunStarted("", "target", identity.server_version, len(plan.migrations)))
        begun = time.monotonic()
        for number in range(options.repeat):
            with connection.transaction(force_rollback=True):
                quiet = sink if number == options.repeat - 1 else Silence()
                made = _rehearsed(
                    config, plan, files, connection, second, quiet, sample_rows=options.sample_rows
                )
                runs.append((0, made))
    reports = runs[-1][1]
    _estimated(reports, runs, None, "the target, rolled back")
    sink.emit(DryRunCompleted("", all(each.ok for each in reports), time.monotonic() - begun))
    notes = [
        "rolled back; sequences that were advanced stay advanced, and dead rows wait for the next VACUUM"
    ]
    return DryRun(identity.server_version, "target", "the rows of the target", reports, notes)


def _rehearsed(
    config: Config,
    plan: Plan,
    files: Mapping[str, Migration],
    connection: "psycopg.Connection[Any]",
    second: "psycopg.Connection[Any]",
    sink: Sink,
    *,
    sample_rows: bool,
) -> list[MigrationReport]:
    """Carry out all migrations up to the first that fails."""
    planned = {each.version: each for each in plan.migrations}

    def predicted(job: Job) -> Prediction:
        return prediction(planned[job.version].steps, python=job.python is not None)

    def written(job: Job) -> set[str]:
        effects = [step.effects for step in planned[job.version].steps]
        return {n for each in effects for n, mode in each.locks if mode.rank >= LockMode.ROW_EXCLUSIVE.rank}

    rehearsal = Rehearsal(
        connection,
        second,
        plan.settings,
        sink,
        contexts(config, None, dry_run=True),
        predicted,
        written=written if sample_rows else None,
    )
    executor: Executor = rehearsal
    for migration in plan.migrations:
        job = job_of(config, files[migration.version], migration.hooks, transaction=migration.transaction)
        try:
            executor.run(job)
        except MigrateError as error:
            if not rehearsal.reports or rehearsal.reports[-1].ok:
                raise
            done = {report.version for report in rehearsal.reports}
            rehearsal.reports += [
                MigrationReport(each.version, each.name, ok=False, error=f"not reached: {job.name} failed")
                for each in plan.migrations
                if each.version not in done
            ]
            del error
            break
        if migration.transaction is False or connection.info.transaction_status == 0:
            connection.execute("RESET ALL")
    return rehearsal.reports


def _estimated(
    reports: Sequence[MigrationReport],
    runs: Sequence[tuple[int, list[MigrationReport]]],
    sizes: Mapping[str, int] | None,
    as_it_is: str,
) -> None:
    for index, report in enumerate(reports):
        same = [Run(run[index], rows) for rows, run in runs]
        if all(each.report.ok for each in same):
            report.estimate = estimate(same, sizes, as_it_is=as_it_is)
