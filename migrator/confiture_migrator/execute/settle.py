"""What became of migrations that say `running` while nobody is running them: found out, and written into the ledger."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confiture_linter.config import Config
from confiture_linter.config.settings import PHASES
from confiture_migrator.execute.failures import explained
from confiture_migrator.execute.job import bind
from confiture_migrator.execute.reconcile import look, replay_settings
from confiture_migrator.execute.session import Session
from confiture_migrator.ledger import Entry, Ledger
from confiture_migrator.ledger.status import interrupted
from confiture_migrator.migrations import HookSpec, Migration
from confiture_migrator.migrations.outside import Outside
from confiture_migrator.migrations.statements import Statement, statements_of
from confiture_migrator.plan.build import configured_hooks


def settle_interrupted(config: Config, session: Session, migrations: Sequence[Migration]) -> dict[str, str]:
    """Reconcile interrupted migrations; returns what was found, by version. Changes the ledger only, never the schema.

    While an applier holds the lock there is nothing to be found out: its migrations are running.
    """
    import psycopg

    ledger = Ledger(session.connection)
    files = {migration.version: migration for migration in migrations}
    told: dict[str, str] = {}
    open_ones = interrupted(ledger)
    if not open_ones or not session.try_lock():
        return told
    try:
        for entry in interrupted(ledger):
            told[entry.version] = _settle(config, session, ledger, entry, files)
    except psycopg.errors.InsufficientPrivilege as error:
        told[open_ones[0].version] = f"interrupted; the ledger was not brought up to date: {explained(error)}"
    finally:
        session.unlock()
    return told


def _settle(
    config: Config, session: Session, ledger: Ledger, entry: Entry, files: Mapping[str, Migration]
) -> str:
    verb = "apply PLAN --resume" if entry.direction == "up" else "rollback --resume"
    told = f"interrupted with {entry.step} steps done"
    begun = _begun(config, entry, files.get(entry.version))
    if begun is not None:
        replay_settings(session.connection, begun.before)
        finding = look(session.connection, begun.outside)
        session.reset()
        told = f"interrupted at {begun.place}: {finding.told}"
    elif entry.doing is not None:
        told = f"interrupted in step {entry.doing + 1}, which runs again"
    message = f"{told}; go on with `confiture-migrate {verb}`"
    ledger.fail(entry.version, message)
    return message


class _Begun(NamedTuple):
    """What had begun outside a transaction."""

    place: str
    outside: Outside
    before: tuple[Statement, ...]


def _begun(config: Config, entry: Entry, migration: Migration | None) -> _Begun | None:
    """The statement that had begun; None if it was a hook that is none, or the file is not what it was.

    Where hooks were added to the configuration since, this may point to a neighbour: so it is only told here. What is
    done about it is decided on --resume, from the plan.
    """
    if migration is None or migration.checksum != entry.checksum or entry.doing is None:
        return None
    script = migration.up if entry.direction == "up" else migration.down
    own = migration.hooks if entry.direction == "up" else migration.down_hooks
    hooks = (*configured_hooks(config), *own) if entry.direction == "up" else own
    first = [hook for phase in PHASES[:2] for hook in hooks if hook.phase == phase]
    last = [hook for phase in PHASES[2:5] for hook in hooks if hook.phase == phase]
    statements = statements_of(script, config.schema.placeholders) if script is not None else ()
    units: list[HookSpec | Statement] = [*first, *statements, *last]
    unit = units[entry.doing] if entry.doing < len(units) else None
    before = statements[: max(entry.doing - len(first), 0)]
    if isinstance(unit, Statement):
        return None if unit.outside is None else _Begun(f"{unit.file}:{unit.line}", unit.outside, before)
    alone = bind(unit).alone if unit is not None and not unit.in_python else None
    return (
        None
        if unit is None or alone is None
        else _Begun(f"{unit.file}:{unit.line}, hook {unit.type}", alone, before)
    )
