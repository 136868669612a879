"""`status`: what is applied, pending, under way, failed or edited; and what became of what was interrupted."""

from collections.abc import Sequence
from typing import NamedTuple

from confiture_migrator.ledger.table import Ledger
from confiture_migrator.ledger.values import Entry, State
from confiture_migrator.migrations import Migration


class Row(NamedTuple):
    """A migration and its row; one of them may be missing."""

    version: str
    name: str
    file: str
    entry: Entry | None
    told: str = ""
    """What was found out about it just now."""


class Status(NamedTuple):
    """Everything about one database."""

    applied: tuple[Row, ...]
    pending: tuple[Row, ...]
    running: tuple[Row, ...]
    failed: tuple[Row, ...]
    reverted: tuple[Row, ...]
    changed: tuple[str, ...]
    """Files edited after they were applied."""
    missing: tuple[str, ...]
    """Names of applied migrations whose file is gone."""

    @property
    def ok(self) -> bool:
        """Whether nothing needs a person; pending migrations do not."""
        return not (self.running or self.failed or self.changed or self.missing)


def status_of(
    migrations: Sequence[Migration], entries: Sequence[Entry], environment: str | None, told: dict[str, str]
) -> Status:
    """Put files and rows together."""
    files = {migration.version: migration for migration in migrations}
    rows = {entry.version: entry for entry in entries}
    groups: dict[State, list[Row]] = {state: [] for state in State}
    for entry in entries:
        migration = files.get(entry.version)
        listed = Row(
            entry.version, entry.name, migration.file if migration else "", entry, told.get(entry.version, "")
        )
        groups[entry.state].append(listed)
    pending = [
        Row(each.version, each.name, each.file, rows.get(each.version))
        for each in migrations
        if each.is_for(environment)
        and (each.version not in rows or rows[each.version].state in (State.REVERTED, State.FAILED))
    ]
    applied = {row.version: row for row in groups[State.APPLIED]}
    changed = tuple(
        each.file
        for each in migrations
        if (row := applied.get(each.version)) and row.entry and row.entry.checksum != each.checksum
    )
    missing = tuple(row.name for row in groups[State.APPLIED] if row.version not in files)
    return Status(
        tuple(groups[State.APPLIED]),
        tuple(pending),
        tuple(groups[State.RUNNING]),
        tuple(groups[State.FAILED]),
        tuple(groups[State.REVERTED]),
        changed,
        missing,
    )


def interrupted(ledger: Ledger) -> tuple[Entry, ...]:
    """Rows of migrations that say `running`; they are interrupted if nobody holds the lock."""
    return tuple(entry for entry in ledger.entries() if entry.state is State.RUNNING)
