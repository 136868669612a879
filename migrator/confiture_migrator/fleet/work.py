"""What is done for one database, in whatever process does it: everything it is told can be pickled, and nothing is secret."""

import os
import time
from typing import NamedTuple

from confiture_linter.config import Config, Environment, load_config
from confiture_linter.model import ConfigError
from confiture_migrator.errors import MigrateError
from confiture_migrator.events import MigrationCompleted, Recorder
from confiture_migrator.execute.plan_run import apply_plan, to_do, vetted
from confiture_migrator.execute.session import Session
from confiture_migrator.fleet.values import Member, Result, State
from confiture_migrator.ledger import Ledger
from confiture_migrator.plan import load_plan
from confiture_migrator.target import Target, expanded, identity_of

_STATES = {1: State.REFUSED, 2: State.UNREACHABLE, 3: State.FAILED, 4: State.UNKNOWN}
"""By exit code."""


class Work(NamedTuple):
    """One database and what is to be done there."""

    config: str
    """Path of confiture.yaml."""
    plan: str
    environment: str
    member: Member
    wave: str
    resume: bool = False


class Ready(NamedTuple):
    """A database before anything is done."""

    identity: tuple[str, str]
    """System identifier and name: the same for two members that are one database."""
    pending: int
    error: str = ""
    state: State = State.NOT_STARTED


def carry_out(work: Work) -> Result:
    """Apply the plan to one database; never raises for what can go wrong with a database."""
    recorder = Recorder()
    begun = time.monotonic()
    state, error = State.APPLIED, ""
    try:
        config = load_config(work.config)
        plan, plan_hash = load_plan(work.plan)
        target = _target(config, work)
        applied = apply_plan(config, plan, plan_hash, target, recorder, resume=work.resume, anywhere=True)
        state = State.APPLIED if applied.outcomes else State.UNCHANGED
    except MigrateError as caught:
        state, error = _STATES[caught.exit_code], str(caught)
    except ConfigError as caught:  # edited since the run began
        state, error = State.REFUSED, str(caught)
    done = tuple(event.version for event in recorder.events if isinstance(event, MigrationCompleted))
    return Result(work.member.name, work.wave, state, done, time.monotonic() - begun, error)


def look(work: Work) -> Ready:
    """Whether the plan could be applied; reads, and changes nothing."""
    config = load_config(work.config)
    plan, plan_hash = load_plan(work.plan)
    try:
        target = _target(config, work)
        vetted(plan, target)
        session = Session(target.url, plan.settings)
        try:
            who = identity_of(session.connection)
            todo = to_do(plan, plan_hash, session, Ledger(session.connection).entries(), resume=work.resume)
            return Ready((who.system_identifier, who.database), len(todo))
        finally:
            session.close()
    except MigrateError as error:
        return Ready(("", ""), 0, str(error), _STATES[error.exit_code])


def _target(config: Config, work: Work) -> Target:
    settings = config.environments.get(work.environment, Environment())
    url = expanded(work.member.database_url, work.member.name, os.environ)
    return Target(work.environment, settings, url)
