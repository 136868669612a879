"""A few rows of each table that a migration touches, as they were before and as they are after: `--show-sample-rows`."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from confiture_migrator.rehearse.observe import Relation
from confiture_migrator.rehearse.values import Row, Sample

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed, Identifier

FEW = 3
MOST_TABLES = 300
"""Tables that are looked at where nobody knows which will be touched."""

_KEY = """
SELECT pg_catalog.array_agg(a.attname ORDER BY u.place)
FROM pg_catalog.pg_index AS i CROSS JOIN pg_catalog.unnest(i.indkey) WITH ORDINALITY AS u(number, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number
WHERE i.indrelid = %s AND i.indisprimary
"""
_NAME = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = %s
"""


class Samples:
    """Takes samples of one migration on one connection; what it locks it lets go of at once."""

    def __init__(self, connection: "psycopg.Connection[Any]", foreseen: Collection[str] | None) -> None:
        """`foreseen`: names of the tables to look at; None: all, up to `MOST_TABLES`."""
        self._connection = connection
        self._foreseen = foreseen
        self._before: dict[int, tuple[Row, ...]] = {}
        self._since = "0"

    def before(self, relations: Mapping[int, Relation]) -> None:
        """Look at the tables before anything happens."""
        tables = {oid: each for oid, each in relations.items() if each.kind in "rpm"}
        wanted = [
            oid for oid, each in tables.items() if self._foreseen is None or each.name in self._foreseen
        ]
        for oid in wanted[:MOST_TABLES]:
            rows = self._rows(oid, "")
            if rows is not None:
                self._before[oid] = rows
        row = self._connection.execute(
            "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text"
        ).fetchone()
        self._since = str(int(row[0]) % 2**32) if row else "0"

    def after(
        self,
        before: Mapping[int, Relation],
        now: Mapping[int, Relation],
        touched: Collection[str],
        written: Collection[str],
    ) -> dict[str, Sample]:
        """Samples of what was touched, by the name it had; `written`: names of tables whose rows changed."""
        found = {}
        for oid in dict.fromkeys((*before, *now)):
            was, is_ = before.get(oid), now.get(oid)
            names = {each.name for each in (was, is_) if each is not None and each.kind in "rpm"}
            if not names & {*touched, *written}:
                continue
            rows = self._rows(oid, "") if is_ is not None else None
            if rows is not None and names & {*written}:
                rows = _distinct((*rows, *(self._rows(oid, self._since) or ())))
            found[(was or is_).name] = Sample(self._before.get(oid), rows)  # type: ignore[union-attr]
        return dict(sorted(found.items()))

    def _rows(self, oid: int, since: str) -> tuple[Row, ...] | None:
        """The first rows by primary key, or of those written since a transaction; None if we may not read them."""
        import psycopg

        connection = self._connection
        try:
            with connection.transaction(force_rollback=True):  # lets go of the lock on the table
                name = connection.execute(_NAME, [oid]).fetchone()
                key = connection.execute(_KEY, [oid]).fetchone()
                if name is None:
                    return None
                query = _query(name, (key and key[0]) or (), since)
                return tuple(row for (row,) in connection.execute(query).fetchall())
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.LockNotAvailable):
            return None
        except psycopg.errors.ObjectNotInPrerequisiteState:  # a materialized view that was never filled
            return ()


def _query(name: Sequence[str], key: Sequence[str], since: str) -> "Composed":
    from psycopg.sql import SQL, Identifier, Literal

    def column(each: str) -> "Identifier":
        return Identifier("t", each)

    written = (
        SQL(" WHERE pg_catalog.age(t.xmin) <= pg_catalog.age({}::pg_catalog.xid)").format(Literal(since))
        if since
        else SQL("")
    )
    order = SQL(" ORDER BY {}").format(SQL(", ").join(map(column, key))) if key else SQL("")
    return SQL("SELECT pg_catalog.to_json(t) FROM {} AS t{}{} LIMIT {}").format(
        Identifier(*name), written, order, Literal(FEW)
    )


def _distinct(rows: Sequence[Row]) -> tuple[Row, ...]:
    kept: list[Row] = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return tuple(kept)
