"""What the server says about a transaction while it is open: rows, locks, file nodes, constraints, WAL."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.effects.values import LockMode
from confiture_migrator.rehearse.values import Rows

if TYPE_CHECKING:
    import psycopg

LOCK_MODES = {
    "AccessShareLock": LockMode.ACCESS_SHARE,
    "RowShareLock": LockMode.ROW_SHARE,
    "RowExclusiveLock": LockMode.ROW_EXCLUSIVE,
    "ShareUpdateExclusiveLock": LockMode.SHARE_UPDATE_EXCLUSIVE,
    "ShareLock": LockMode.SHARE,
    "ShareRowExclusiveLock": LockMode.SHARE_ROW_EXCLUSIVE,
    "ExclusiveLock": LockMode.EXCLUSIVE,
    "AccessExclusiveLock": LockMode.ACCESS_EXCLUSIVE,
}
"""As pg_locks spells them, and as the manual does."""

_RELATIONS = """
SELECT c.oid::bigint, n.nspname || '.' || c.relname, c.relkind::text, pg_catalog.pg_relation_filenode(c.oid)::bigint
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S', 'i', 'I', 'f') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
"""
_LOCKS = """
SELECT l.relation::bigint, l.mode FROM pg_catalog.pg_locks AS l
WHERE l.pid = %s AND l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
"""
_ROWS = """
SELECT relid::bigint, schemaname || '.' || relname, n_tup_ins, n_tup_upd, n_tup_del, coalesce(seq_scan, 0)
FROM pg_catalog.pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del + coalesce(seq_scan, 0) > 0 AND schemaname NOT IN ('confiture')
"""
_ROWS_OF = """
SELECT c.oid::bigint, n.nspname || '.' || c.relname, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
       pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid),
       pg_catalog.pg_stat_get_xact_numscans(c.oid)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = ANY (%s::bigint[]::oid[]) AND c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
"""
_CONSTRAINTS = """
SELECT n.nspname || '.' || c.relname || '.' || k.conname FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'confiture')
"""


class Relation(NamedTuple):
    """A relation as it is now."""

    name: str
    kind: str
    """`pg_class.relkind`."""
    filenode: int | None


class Counts(NamedTuple):
    """What happened to a table since the session began counting."""

    name: str
    inserted: int
    updated: int
    deleted: int
    scans: int


class Observer:
    """Asks the backend about itself, and a second session about it.

    Both see the same locks. The backend alone can name what it has just made; the second one also sees it while it works.
    """

    def __init__(self, backend: "psycopg.Connection[Any]", second: "psycopg.Connection[Any]") -> None:
        self.backend = backend
        self.second = second
        self.pid = backend.info.backend_pid

    def relations(self) -> dict[int, Relation]:
        """Every relation of ours, by oid, as the open transaction sees it."""
        return {oid: Relation(*rest) for oid, *rest in self.backend.execute(_RELATIONS)}

    def filenodes(self, oids: Sequence[int]) -> dict[int, int | None]:
        """The file node of some relations; None for those that are gone."""
        return dict(
            self.backend.execute(
                "SELECT u.oid, pg_catalog.pg_relation_filenode(u.oid::oid)::bigint FROM pg_catalog.unnest(%s::bigint[]) AS u(oid)",
                [list(oids)],
            ).fetchall()
        )

    def counts(self) -> dict[int, Counts]:
        """Rows changed and tables read from end to end, by oid, from the statistics inside the transaction."""
        return {oid: Counts(*rest) for oid, *rest in self.backend.execute(_ROWS)}

    def counts_of(self, oids: Sequence[int]) -> dict[int, Counts]:
        """The same for some tables: what the view would say of them, without its walk over all."""
        return {oid: Counts(*rest) for oid, *rest in self.backend.execute(_ROWS_OF, [list(oids)])}

    def locks(self) -> dict[int, LockMode]:
        """The strongest lock on each relation, as the backend and the second session both see them."""
        strongest: dict[int, LockMode] = {}
        for session in (self.backend, self.second):
            for oid, mode in session.execute(_LOCKS, [self.pid]):
                _strengthen(strongest, oid, LOCK_MODES[mode])
        return strongest

    def locks_meanwhile(self) -> dict[int, LockMode]:
        """The same while the backend is busy."""
        strongest: dict[int, LockMode] = {}
        for oid, mode in self.second.execute(_LOCKS, [self.pid]):
            _strengthen(strongest, oid, LOCK_MODES[mode])
        return strongest

    def constraints(self) -> set[str]:
        """Names of all constraints, `schema.table.constraint`."""
        return {name for (name,) in self.backend.execute(_CONSTRAINTS)}

    def wal(self) -> int:
        """How many bytes of WAL were written since the cluster was made; 0 on a standby."""
        row = self.second.execute(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 "
            "ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') END::bigint"
        ).fetchone()
        return int(row[0]) if row else 0


def _strengthen(strongest: dict[int, LockMode], oid: int, mode: LockMode) -> None:
    known = strongest.get(oid)
    if known is None or known.rank < mode.rank:
        strongest[oid] = mode


def rows_between(before: dict[int, Counts], after: dict[int, Counts]) -> dict[str, Rows]:
    """Rows changed between two counts, by table."""
    found = {}
    for oid, now in after.items():
        then = before.get(oid, Counts("", 0, 0, 0, 0))
        rows = Rows(now.inserted - then.inserted, now.updated - then.updated, now.deleted - then.deleted)
        if any(count > 0 for count in rows):
            found[now.name] = rows
    return found


def scanned_between(before: dict[int, Counts], after: dict[int, Counts]) -> dict[int, str]:
    """Tables that were read from end to end between two counts."""
    return {
        oid: now.name for oid, now in after.items() if now.scans > (before[oid].scans if oid in before else 0)
    }
