"""One session that applies: settings, the lock that keeps others out, and a clean slate between migrations."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from confiture_migrator.errors import ApplyFailed
from confiture_migrator.plan.values import PlanSettings
from confiture_migrator.target import connect

if TYPE_CHECKING:
    import psycopg

LOCK = (0x636F6E66, 1)
"""Key of the advisory lock, per database: `conf`, 1."""

_HOLDER = """
SELECT a.pid, a.usename, a.application_name, a.backend_start::timestamptz(0)::text
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s AND l.objsubid = 2 AND l.granted
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
"""
_HOLDERS = """
SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, a.backend_type),
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start)::text, n.nspname, c.relname, max(l.mode)
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
JOIN pg_catalog.pg_class AS c ON c.oid = l.relation JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND l.granted AND a.pid <> pg_catalog.pg_backend_pid() AND c.relkind IN ('r', 'p', 'm', 'v')
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
GROUP BY 1, 2, 3, 4, 5, 6, 7, a.xact_start ORDER BY a.xact_start, n.nspname, c.relname
"""
MOST_HOLDERS = 3


class Session:
    """A connection in autocommit mode that holds the advisory lock once `lock` has been called."""

    def __init__(self, url: str, settings: PlanSettings) -> None:
        self.settings = settings
        self.connection: psycopg.Connection[Any] = connect(url)
        self._locked = False
        self.reset()

    def reset(self) -> None:
        """Undo every SET that a script left behind, and set ours again."""
        from psycopg.sql import SQL

        ours = SQL("SET idle_in_transaction_session_timeout = {}").format(
            self.settings.idle_in_transaction_session_timeout
        )
        self.connection.execute(SQL("RESET SESSION AUTHORIZATION; RESET ALL; {}").format(ours))

    def lock(self) -> None:
        """Keep every other applier out of this database; raises `ApplyFailed` naming the one who is in."""
        if not self.try_lock():
            holder = self.holder()
            who = f" (pid {holder[0]}, {holder[1]}, {holder[2]}, since {holder[3]})" if holder else ""
            raise ApplyFailed(
                f"another confiture-migrate is applying to this database{who}; nothing was changed. Wait for it, or end "
                "it with pg_terminate_backend, then apply again"
            )

    def try_lock(self) -> bool:
        """Take the lock if nobody has it."""
        row = self.connection.execute("SELECT pg_catalog.pg_try_advisory_lock(%s, %s)", LOCK).fetchone()
        self._locked = bool(row and row[0])
        return self._locked

    def unlock(self) -> None:
        """Let others in, if we kept them out."""
        if self._locked:
            self._locked = False
            self.connection.execute("SELECT pg_catalog.pg_advisory_unlock(%s, %s)", LOCK)

    def holder(self) -> tuple[Any, ...] | None:
        """Who has the lock."""
        return self.connection.execute(_HOLDER, LOCK).fetchone()

    def lock_holders(self, sql: str) -> list[str]:
        """Sessions with locks on tables that `sql` names, the oldest transaction first; nothing where we may not look."""
        import psycopg

        try:
            rows = self.connection.execute(_HOLDERS).fetchall()
        except psycopg.Error:
            return []
        found = [
            f"pid {pid} ({user}, {program or 'no name'}, {state}, for {age}) on {schema}.{table}"
            for pid, user, program, state, age, schema, table, _ in rows
            if table in sql
        ]
        return found[:MOST_HOLDERS]

    def close(self) -> None:
        """End the session. Let others in first: the server takes its time to notice that a session is gone."""
        import psycopg

        with suppress(psycopg.Error):
            self.unlock()
        self.connection.close()
