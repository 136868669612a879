"""The table: made, read and written here and nowhere else. Every name is qualified: migrations change search_path."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from confiture_migrator.errors import MigrateError
from confiture_migrator.ledger.events_table import Events
from confiture_migrator.ledger.values import Entry, State

if TYPE_CHECKING:
    import psycopg

CREATE = """\
CREATE SCHEMA confiture;
CREATE TABLE confiture.ledger (
    version text PRIMARY KEY,
    name text NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'applied', 'reverted', 'failed')),
    checksum text NOT NULL,
    plan_hash text,
    started_at timestamptz,
    finished_at timestamptz,
    duration_ms bigint,
    rows bigint,
    applied_by text,
    git_commit text,
    step integer NOT NULL DEFAULT 0,
    error text,
    doing integer,
    ordinal bigint,
    direction text NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down'))
);
COMMENT ON TABLE confiture.ledger IS 'Migrations applied by confiture-migrate';
"""
_THERE = """
SELECT EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
               WHERE n.nspname = 'confiture' AND c.relname = 'ledger')
"""
_COLUMNS = ", ".join(Entry._fields)
_BEGIN = """
INSERT INTO confiture.ledger AS l
    (version, name, state, checksum, plan_hash, started_at, applied_by, git_commit, direction, step, ordinal)
VALUES (%(version)s, %(name)s, 'running', %(checksum)s, %(plan_hash)s, pg_catalog.clock_timestamp(), session_user,
        %(git_commit)s, %(direction)s, 0,
        (SELECT coalesce(pg_catalog.max(o.ordinal), 0) + 1 FROM confiture.ledger AS o))
ON CONFLICT (version) DO UPDATE SET
    name = excluded.name, state = 'running', checksum = excluded.checksum,
    plan_hash = coalesce(excluded.plan_hash, l.plan_hash), started_at = excluded.started_at, finished_at = NULL,
    duration_ms = NULL, rows = NULL, applied_by = excluded.applied_by, git_commit = excluded.git_commit,
    step = 0, error = NULL, doing = NULL, direction = excluded.direction,
    ordinal = CASE WHEN excluded.direction = 'down' THEN l.ordinal ELSE excluded.ordinal END
"""


def ourselves(connection: "psycopg.Connection[Any]") -> None:
    """Be who connected until the transaction ends: the ledger is ours, whatever role or timeout a script has set."""
    connection.execute(
        "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; SET LOCAL statement_timeout = 0"
    )


class Ledger:
    """The ledger on one connection. What a method writes is part of whatever transaction is open."""

    def __init__(self, connection: "psycopg.Connection[Any]", *, git_commit: str | None = None) -> None:
        self._connection = connection
        self._git_commit = git_commit

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Write in a transaction of its own."""
        with self._connection.transaction():
            ourselves(self._connection)
            yield

    def exists(self) -> bool:
        """Whether there is a ledger; asking makes none."""
        row = self._connection.execute(_THERE).fetchone()
        return bool(row and row[0])

    def create(self) -> None:
        """Make the tables if they are not there; raises `MigrateError` telling what somebody with more rights must do."""
        if not self.exists():
            self._create()
        Events(self._connection).create()

    def _create(self) -> None:
        import psycopg

        text = CREATE
        row = self._connection.execute(
            "SELECT pg_catalog.to_regnamespace('confiture') IS NOT NULL"
        ).fetchone()
        if row and row[0]:
            text = text.partition("\n")[2]
        try:
            with self._connection.transaction():
                self._connection.execute(text.encode())
        except psycopg.errors.InsufficientPrivilege as error:
            raise MigrateError(
                f"the ledger cannot be made: {error.diag.message_primary}; let somebody who may run this once, and "
                f"GRANT USAGE ON SCHEMA confiture and SELECT, INSERT, UPDATE ON confiture.ledger to this role:\n{text}"
            ) from None

    def entries(self) -> tuple[Entry, ...]:
        """All rows in the order of application; none where there is no ledger."""
        import psycopg

        if not self.exists():
            return ()
        try:
            found = self._connection.execute(
                f"SELECT {_COLUMNS} FROM confiture.ledger ORDER BY ordinal NULLS FIRST, version"  # noqa: S608 - own names
            )
        except psycopg.errors.InsufficientPrivilege as error:
            raise MigrateError(
                f"the ledger cannot be read: {error.diag.message_primary}; GRANT USAGE ON SCHEMA confiture and SELECT "
                "ON confiture.ledger to this role"
            ) from None
        return tuple(Entry(*row)._replace(state=State(row[2])) for row in found)

    def entry(self, version: str) -> Entry | None:
        """The row of one migration."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM confiture.ledger WHERE version = %s",  # noqa: S608 - own names
            [version],
        ).fetchone()
        return None if row is None else Entry(*row)._replace(state=State(row[2]))

    def begin(self, version: str, name: str, checksum: str, plan_hash: str | None, direction: str) -> None:
        """Say that a migration is under way."""
        self._connection.execute(
            _BEGIN,
            {
                "version": version,
                "name": name,
                "checksum": checksum,
                "plan_hash": plan_hash,
                "git_commit": self._git_commit,
                "direction": direction,
            },
        )

    def finish(self, version: str, state: State, milliseconds: int, rows: int) -> None:
        """Say that it is done."""
        self._update(
            "state = %s, finished_at = pg_catalog.clock_timestamp(), duration_ms = %s, rows = %s, error = NULL, "
            "doing = NULL",
            [state.value, milliseconds, rows],
            version,
        )

    def fail(self, version: str, error: str) -> None:
        """Say that it failed; how far it has come stays as it is."""
        self._update(
            "state = 'failed', finished_at = pg_catalog.clock_timestamp(), error = %s", [error], version
        )

    def restore(self, entry: Entry, error: str) -> None:
        """After a failed rollback in one transaction: what was applied still is, and why it could not be taken back."""
        self._update("state = %s, direction = 'up', error = %s", [entry.state.value, error], entry.version)

    def resume(self, version: str, checksum: str, plan_hash: str | None) -> None:
        """Say that an interrupted migration goes on."""
        self._update(
            "state = 'running', error = NULL, finished_at = NULL, checksum = %s, plan_hash = coalesce(%s, plan_hash)",
            [checksum, plan_hash],
            version,
        )

    def step_begun(self, version: str, unit: int) -> None:
        """Journal that a unit outside a transaction is about to run."""
        self._update("doing = %s", [unit], version)

    def step_done(self, version: str, unit: int) -> None:
        """Journal that a unit is done."""
        self._update("step = %s, doing = NULL", [unit + 1], version)

    def step_undone(self, version: str) -> None:
        """Journal that the unit that had begun has left nothing behind."""
        self._update("doing = NULL", [], version)

    def _update(self, what: str, values: list[object], version: str) -> None:
        self._connection.execute(
            f"UPDATE confiture.ledger SET {what} WHERE version = %s",  # noqa: S608 - own text
            [*values, version],
        )
