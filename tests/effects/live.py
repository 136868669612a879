"""What a running PostgreSQL does with a statement: locks, files and counters, seen from outside and inside."""

from typing import Any, NamedTuple

import psycopg
from tests.effects.judge import DATA

from confiture_migrator.shadow import Shadow

_RELATIONS = """
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind::text, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('s', 's2', 'public') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f')
"""
_LOCKS = """
SELECT relation, mode FROM pg_locks
WHERE pid = %s AND locktype = 'relation' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_READ = "SELECT relid, seq_tup_read FROM pg_stat_xact_all_tables WHERE seq_tup_read > 0"
_MODES = {
    "AccessShareLock": "ACCESS SHARE",
    "RowShareLock": "ROW SHARE",
    "RowExclusiveLock": "ROW EXCLUSIVE",
    "ShareUpdateExclusiveLock": "SHARE UPDATE EXCLUSIVE",
    "ShareLock": "SHARE",
    "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE",
    "ExclusiveLock": "EXCLUSIVE",
    "AccessExclusiveLock": "ACCESS EXCLUSIVE",
}
_RANK = list(_MODES.values())
PREPARE = "CREATE ROLE lk_role; CREATE TABLESPACE lk_ts LOCATION ''"


class Measured(NamedTuple):
    """What was seen."""

    locks: dict[str, str]
    """On tables, views, materialized views and sequences."""
    rewrites: set[str]
    scans: set[str]
    index_rebuilds: set[str]
    in_transaction: bool
    error: str | None
    sqlstate: str


class Laboratory:
    """A server with the fixture in a database of its own; every form starts from a fresh state."""

    def __init__(self, shadow: Shadow) -> None:
        self.shadow = shadow
        self.fixture = shadow.create_database("locks")
        with shadow.connect() as connection:
            connection.execute("SET allow_in_place_tablespaces = on")
            for statement in PREPARE.split(";"):
                connection.execute(statement)
        with shadow.connect(self.fixture) as connection:
            connection.execute((DATA / "fixture.sql").read_text())
            connection.execute("ANALYZE")

    def measure(self, setup: str, sql: str) -> Measured:
        """Run a form in a transaction that is rolled back, or alone if that is refused."""
        database = self.fixture
        if setup:
            database = self.shadow.clone(self.fixture)
            with self.shadow.connect(database) as connection:
                connection.execute(f"SET search_path = s; {setup}")
        try:
            return self._in_transaction(database, sql)
        except psycopg.errors.ActiveSqlTransaction:
            return self._alone(sql, setup)
        finally:
            if setup:
                self.shadow.drop_database(database)

    def _in_transaction(self, database: str, sql: str) -> Measured:
        with (
            self.shadow.connect(database, autocommit=False) as session,
            self.shadow.connect(database) as witness,
        ):
            session.execute("SET search_path = s")
            session.commit()
            before = _relations(witness)
            try:
                session.execute(sql)
            except psycopg.errors.ActiveSqlTransaction:
                session.rollback()
                raise
            except psycopg.Error as error:
                session.rollback()
                return Measured(
                    {}, set(), set(), set(), True, str(error).splitlines()[0], error.sqlstate or ""
                )
            locks: dict[str, str] = {}
            for oid, mode in witness.execute(_LOCKS, [session.info.backend_pid]):
                name, kind, _ = before.get(oid, ("", "", None))
                if not name or kind in "iI":
                    continue
                spelt = _MODES[mode]
                if name not in locks or _RANK.index(locks[name]) < _RANK.index(spelt):
                    locks[name] = spelt
            read = {before[oid][0] for oid, _ in session.execute(_READ) if oid in before}
            after = _relations(session)
            session.rollback()
        return Measured(locks, *_changed(before, after, read), True, None, "")

    def _alone(self, sql: str, setup: str) -> Measured:
        database = self.shadow.clone(self.fixture)
        try:
            with self.shadow.connect(database) as session:
                session.execute(f"SET search_path = s; {setup}")
                before = _relations(session)
                try:
                    session.execute(sql)
                except psycopg.Error as error:
                    return Measured(
                        {}, set(), set(), set(), False, str(error).splitlines()[0], error.sqlstate or ""
                    )
                return Measured({}, *_changed(before, _relations(session), set()), False, None, "")
        finally:
            self.shadow.drop_database(database)


_Known = dict[int, tuple[str, str, int | None]]


def _relations(connection: "psycopg.Connection[Any]") -> _Known:
    return {oid: (name, kind, file) for oid, name, kind, file in connection.execute(_RELATIONS)}


def _changed(before: _Known, after: _Known, read: set[str]) -> tuple[set[str], set[str], set[str]]:
    """Rewritten tables, read tables and rebuilt indexes."""
    files = {name: file for name, kind, file in after.values() if kind == "i"}
    rewritten = {
        name
        for oid, (name, kind, file) in before.items()
        if kind in "rm" and oid in after and after[oid][2] != file
    }
    rebuilt = {
        name for name, kind, file in before.values() if kind == "i" and name in files and files[name] != file
    }
    return rewritten, read, rebuilt
