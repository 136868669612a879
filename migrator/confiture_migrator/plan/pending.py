"""Which migrations are still to be done: the tree minus the ledger."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confiture_migrator.errors import PlanRefused
from confiture_migrator.ledger import Entry, State
from confiture_migrator.migrations import Migration


class Pending(NamedTuple):
    """The tree, sorted by what is to be done with each migration."""

    before: tuple[Migration, ...]
    """Applied, or meant for other environments."""
    pending: tuple[Migration, ...]
    elsewhere: tuple[Migration, ...]
    """Meant for other environments."""


def pending_of(migrations: Sequence[Migration], entries: Sequence[Entry], environment: str | None) -> Pending:
    """Sort the tree; raises `PlanRefused` while a migration is neither applied nor not applied."""
    rows = {entry.version: entry for entry in entries}
    _refuse_unfinished(migrations, rows)
    before, pending, elsewhere = [], [], []
    for migration in migrations:
        entry = rows.get(migration.version)
        if not migration.is_for(environment):
            elsewhere.append(migration)
        elif entry is not None and entry.state is State.APPLIED:
            before.append(migration)
        else:
            pending.append(migration)
    return Pending(tuple(before), tuple(pending), tuple(elsewhere))


def _refuse_unfinished(migrations: Sequence[Migration], rows: Mapping[str, Entry]) -> None:
    for migration in migrations:
        entry = rows.get(migration.version)
        if entry is not None and (entry.state is State.RUNNING or entry.step or entry.doing is not None):
            if entry.state in (State.APPLIED, State.REVERTED):
                continue
            verb = "apply PLAN --resume" if entry.direction == "up" else "rollback --resume"
            raise PlanRefused(
                f"{migration.name} is unfinished ({entry.state}, {entry.step} steps done): see `confiture-migrate status`, "
                f"then `confiture-migrate {verb}`. To edit it instead, take back by hand what its steps did, and set state to "
                "'reverted' in its row of confiture.ledger"
            )


def changed_files(migrations: Sequence[Migration], entries: Sequence[Entry]) -> tuple[str, ...]:
    """Files that were edited after they were applied."""
    rows = {entry.version: entry for entry in entries if entry.state is State.APPLIED}
    return tuple(
        migration.file
        for migration in migrations
        if migration.version in rows and rows[migration.version].checksum != migration.checksum
    )
