"""`apply`: verify everything, take the lock, carry the plan out."""

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_migrator.errors import PlanRefused
from confiture_migrator.events import Sink
from confiture_migrator.execute.apply import Apply
from confiture_migrator.execute.job import Executor, Job, Outcome, job_of
from confiture_migrator.execute.session import Session
from confiture_migrator.hooks.values import HookContext, HookPhase
from confiture_migrator.ledger import Entry, Ledger, State
from confiture_migrator.migrations import Migration, find_migrations
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.pggit import Pggit, pggit_for
from confiture_migrator.plan.base import target_base
from confiture_migrator.plan.values import Plan, PlannedMigration
from confiture_migrator.target import Identity, Target, identity_of

AGAIN = "make the plan again: `confiture-migrate plan`"


class Applied(NamedTuple):
    """What an apply did."""

    outcomes: tuple[Outcome, ...]
    skipped: tuple[str, ...]
    """Versions that were applied before."""


def apply_plan(
    config: Config,
    plan: Plan,
    plan_hash: str,
    target: Target,
    sink: Sink,
    *,
    resume: bool = False,
    only: str | None = None,
    anywhere: bool = False,
) -> Applied:
    """Carry a plan out, or refuse it before anything is changed; `only`: one version of it.

    `anywhere` takes any database whose schema and ledger are those that the plan builds on, not only the one it was
    made with: a fleet has one plan. `only` is one version of the plan.
    """
    vetted(plan, target)
    migrations = verified_files(config, plan)
    session = Session(target.url, plan.settings)
    try:
        if not anywhere:
            _same_target(plan, identity_of(session.connection))
        session.lock()
        ledger = Ledger(session.connection, git_commit=git_commit(config))
        todo = to_do(plan, plan_hash, session, ledger.entries(), resume=resume)
        if only is not None:
            todo = [planned for planned in todo if planned.version == only]
        jobs = [_job(config, planned, migrations) for planned in todo]
        if jobs:
            ledger.create()
        with telling(config, session, sink) as pggit:
            apply: Executor = Apply(
                session,
                ledger,
                sink,
                contexts(config, target),
                plan_hash=plan_hash,
                resume=resume,
                pggit=pggit,
            )
            outcomes = tuple(apply.run(job) for job in jobs)
        done = {planned.version for planned in todo}
        return Applied(outcomes, tuple(each.version for each in plan.migrations if each.version not in done))
    finally:
        session.close()


def vetted(plan: Plan, target: Target) -> None:
    """Raise `PlanRefused` for a plan that was refused itself, or was vetted for another environment."""
    if plan.refusals:
        first = plan.refusals[0]
        raise PlanRefused(
            f"the plan contains an error that nobody waived: {first.rule} at {first.file}:{first.line}"
        )
    if plan.environment and target.environment and plan.environment != target.environment:
        raise PlanRefused(
            f"the plan was vetted for environment {plan.environment}, not for {target.environment}: {AGAIN} with --env"
        )


def to_do(
    plan: Plan, plan_hash: str, session: Session, entries: Sequence[Entry], *, resume: bool
) -> list[PlannedMigration]:
    """What of a plan is still to be done on a database; raises `PlanRefused` where it does not build on what is there."""
    todo = _to_do(plan, plan_hash, entries, resume=resume)
    if todo and not _has_begun(plan_hash, entries):
        _same_base(plan, session, entries)
    return todo


@contextmanager
def telling(config: Config, session: Session, sink: Sink) -> Iterator[Pggit | None]:
    """pgGit, told of what waits before and after what is done now."""
    import psycopg

    pggit = pggit_for(config, session.connection, sink)
    if pggit is None:
        yield None
        return
    pggit.replay()
    try:
        yield pggit
    finally:
        with suppress(psycopg.Error):  # the session may be lost: what waits, waits for the next one
            session.reset()
            pggit.replay()


def verified_files(config: Config, plan: Plan) -> Mapping[str, Migration]:
    """The migrations of a plan as they are on disk, by version; raises `PlanRefused` for one that was edited."""
    there = {migration.version: migration for migration in find_migrations(config)}
    for planned in plan.migrations:
        migration = there.get(planned.version)
        if migration is None or migration.file != planned.file:
            raise PlanRefused(f"{planned.file} is gone since the plan was made: {AGAIN}")
        if migration.checksum != planned.checksum:
            raise PlanRefused(f"{planned.file} was edited after it was vetted: {AGAIN}")
        if (
            migration.up is None
        ):  # Python: its steps are what could be read of it, its checksum is what counts
            continue
        statements = statements_of(migration.up, config.schema.placeholders)
        if [each.shown for each in statements] != [step.sql for step in planned.steps]:
            raise PlanRefused(f"{planned.file}: its statements are not those of the plan: {AGAIN}")
    return there


def contexts(config: Config, target: Target | None, *, dry_run: bool = False) -> Callable[[Job], HookContext]:
    """What hooks are told."""

    def context(job: Job) -> HookContext:
        return HookContext(
            job.name,
            job.version,
            HookPhase.BEFORE_VALIDATION,
            dry_run=dry_run,
            environment=target.environment if target else "",
            tenant_column=config.tenancy.column if config.tenancy else None,
            tenant_setting=config.tenancy.setting if config.tenancy else None,
        )

    return context


def _job(config: Config, planned: PlannedMigration, migrations: Mapping[str, Migration]) -> Job:
    return job_of(config, migrations[planned.version], planned.hooks, transaction=planned.transaction)


def _same_target(plan: Plan, here: Identity) -> None:
    there = plan.target
    if there is None:
        raise PlanRefused(
            f"the plan was made without a database and fits a dry-run only: {AGAIN}, with the target"
        )
    if there.database != here.database or (
        there.system_identifier
        and here.system_identifier
        and there.system_identifier != here.system_identifier
    ):
        raise PlanRefused(
            f"the plan is for database {there.database} of another server, not for {here.database} here: {AGAIN}"
            if there.database == here.database
            else f"the plan is for database {there.database}, this is {here.database}: {AGAIN}"
        )


def _has_begun(plan_hash: str, entries: Sequence[Entry]) -> bool:
    """Whether part of this plan is in the database: its base can then no longer be compared."""
    return any(
        entry.plan_hash == plan_hash
        and (entry.state in (State.APPLIED, State.RUNNING) or entry.step > 0 or entry.doing is not None)
        for entry in entries
    )


def _same_base(plan: Plan, session: Session, entries: Sequence[Entry]) -> None:
    if target_base(session.connection, entries) != plan.base:
        raise PlanRefused(
            f"the plan is stale: schema or ledger of {plan.target.database if plan.target else ''} changed since it was "
            f"made: {AGAIN}"
        )


def _to_do(plan: Plan, plan_hash: str, entries: Sequence[Entry], *, resume: bool) -> list[PlannedMigration]:
    rows = {entry.version: entry for entry in entries}
    todo = []
    for planned in plan.migrations:
        entry = rows.get(planned.version)
        if entry is not None and entry.state is State.APPLIED:
            if entry.checksum != planned.checksum:
                raise PlanRefused(f"{planned.name} was applied with another content: {AGAIN}")
            continue
        if entry is not None and entry.direction == "down" and entry.state in (State.RUNNING, State.FAILED):
            raise PlanRefused(
                f"taking {planned.name} back is unfinished: `confiture-migrate rollback --resume`"
            )
        todo.append(planned)
    if todo and not resume and _has_begun(plan_hash, entries):
        raise PlanRefused(
            f"the plan has begun and stopped before {todo[0].name}: look at `confiture-migrate status`, then go on with "
            "--resume"
        )
    return todo


def git_commit(config: Config) -> str | None:
    """The commit that is checked out where the configuration lies, if any."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"],  # noqa: S607 - whichever git the user has
            cwd=config.root or ".",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
