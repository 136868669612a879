"""`rollback`: take back what was applied last, newest first, by what the files say takes it back."""

from collections.abc import Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_migrator.errors import PlanRefused
from confiture_migrator.events import Sink
from confiture_migrator.execute.apply import Apply
from confiture_migrator.execute.job import Executor, Job, Outcome, job_of
from confiture_migrator.execute.plan_run import contexts, git_commit
from confiture_migrator.execute.session import Session
from confiture_migrator.ledger import Entry, Ledger, State
from confiture_migrator.migrations import Migration, find_migrations
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.plan.demands import step_by_step
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.target import Target


class Wanted(NamedTuple):
    """How much is to be taken back."""

    last: int | None = None
    to: str | None = None
    """Take back what was applied after this version; it stays."""
    resume: bool = False


def rollback(
    config: Config, target: Target, wanted: Wanted, settings: PlanSettings, sink: Sink
) -> tuple[Outcome, ...]:
    """Take migrations back; raises `PlanRefused` before anything is changed where one of them has no way back."""
    there = {migration.version: migration for migration in find_migrations(config)}
    session = Session(target.url, settings)
    try:
        session.lock()
        ledger = Ledger(session.connection, git_commit=git_commit(config))
        chosen = _chosen(ledger.entries(), wanted)
        jobs = [_job(config, entry, there.get(entry.version)) for entry in chosen]
        executor: Executor = Apply(session, ledger, sink, contexts(config, target), resume=wanted.resume)
        return tuple(executor.run(job) for job in jobs)
    finally:
        session.close()


def _chosen(entries: Sequence[Entry], wanted: Wanted) -> list[Entry]:
    """Newest first, by the order of application: clocks are set back, versions come late."""
    applied = [
        entry
        for entry in reversed(entries)
        if entry.state is State.APPLIED
        or (entry.direction == "down" and entry.state in (State.RUNNING, State.FAILED))
    ]
    unfinished = [
        entry for entry in entries if entry.direction == "up" and entry.step and entry.state in _OPEN
    ]
    if unfinished:
        raise PlanRefused(
            f"{unfinished[0].name} is unfinished: go on with `confiture-migrate apply PLAN --resume` before taking back"
        )
    if wanted.resume:
        return [entry for entry in applied if entry.direction == "down" and entry.state in _OPEN]
    if wanted.to is not None:
        versions = [entry.version for entry in applied]
        if wanted.to not in versions:
            raise PlanRefused(
                f"version {wanted.to} is not applied: `confiture-migrate history` lists what is"
            )
        return applied[: versions.index(wanted.to)]
    count = wanted.last or 1
    if count > len(applied):
        raise PlanRefused(f"there are {len(applied)} applied migrations, not {count}")
    return applied[:count]


_OPEN = (State.RUNNING, State.FAILED)


def _job(config: Config, entry: Entry, migration: Migration | None) -> Job:
    if migration is None:
        raise PlanRefused(
            f"{entry.name} was applied, but its file is gone: restore it, it says how it is taken back"
        )
    if migration.checksum != entry.checksum:
        raise PlanRefused(
            f"{migration.file} was edited after it was applied: restore it, or what takes it back may not fit"
        )
    if not migration.has_way_back:
        missing = {
            "sql": f"{migration.name}.down.sql",
            "yaml": f"`rollback: {{ddl: …}}` in {migration.file}",
            "python": f"a method `down` in {migration.file}",
        }[migration.kind]
        raise PlanRefused(f"{migration.name} has no way back: write {missing}; nothing was taken back")
    statements = statements_of(migration.down, config.schema.placeholders) if migration.down else ()
    by_step = step_by_step(config, migration._replace(transaction=None), statements)
    if migration.transaction is False:
        by_step = True
    return job_of(config, migration, migration.down_hooks, transaction=not by_step, direction="down")
