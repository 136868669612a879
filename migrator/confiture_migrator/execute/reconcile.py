"""What an interrupted statement outside a transaction left behind, told from the catalog, and cleaned up."""

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.migrations.outside import Outside
from confiture_migrator.migrations.statements import Statement

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed


class Verdict(Enum):
    """What became of a statement that had begun."""

    DONE = "done"
    AGAIN = "again"
    """It left nothing, or what it left was cleaned up, or repeating it does no harm."""
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """The verdict and how it was reached."""

    verdict: Verdict
    told: str
    cleaning: "tuple[Composed, ...]" = ()
    """Statements, each outside a transaction, that make a clean slate."""


_INDEX = """
SELECT n.nspname, i.relname, x.indisvalid AND x.indisready AND x.indislive
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
WHERE i.oid = pg_catalog.to_regclass(%s) AND (%s = '' OR t.relname = %s)
"""
_LEFT_OVER = """
SELECT n.nspname, i.relname
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
WHERE NOT x.indisvalid AND i.relname ~ '_cc(new|old)[0-9]*$'
  AND (%(relation)s = '' OR x.indrelid = pg_catalog.to_regclass(nullif(%(relation)s, ''))
       OR x.indrelid = (SELECT o.indrelid FROM pg_catalog.pg_index AS o
                        WHERE o.indexrelid = pg_catalog.to_regclass(nullif(%(relation)s, ''))))
"""
_PARTITION = """
SELECT i.inhdetachpending, n.nspname, p.relname
FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.relnamespace
WHERE i.inhrelid = pg_catalog.to_regclass(%s)
"""


def replay_settings(connection: "psycopg.Connection[Any]", done: Iterable[Statement]) -> None:
    """Set again what steps that are done had set: a new session knows nothing of their search_path or role."""
    for statement in done:
        if statement.kind == "VariableSetStmt":
            connection.execute(statement.sql.encode())


def settle(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    """Find out what became of it, and clean up. For a connection in autocommit mode."""
    found = look(connection, outside)
    for statement in found.cleaning:
        connection.execute(statement)
    return found


def look(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    """Find out what became of it; changes nothing."""
    if outside.action == "create-index":
        return _created_index(connection, outside)
    if outside.action == "drop-index":
        there = connection.execute(_INDEX, [_name(connection, outside, outside.name), "", ""]).fetchone()
        return Finding(Verdict.AGAIN, "the index is still there") if there else _done("the index is gone")
    if outside.action == "reindex":
        return _reindexed(connection, outside)
    if outside.action == "detach":
        return _detached(connection, outside)
    if outside.action in ("create-database", "drop-database"):
        return _database(connection, outside)
    if outside.action == "repeatable":
        return Finding(Verdict.AGAIN, "repeating it does no harm")
    return Finding(Verdict.UNKNOWN, "nothing in the catalog tells whether it took effect")


def _done(told: str) -> Finding:
    return Finding(Verdict.DONE, told)


def _database(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    there = connection.execute(
        "SELECT FROM pg_catalog.pg_database WHERE datname = %s", [outside.name]
    ).fetchone()
    if (there is not None) == (outside.action == "create-database"):
        return _done(f"database {outside.name} is {'there' if there is not None else 'gone'}")
    return Finding(
        Verdict.AGAIN, f"database {outside.name} is {'still there' if there is not None else 'not there'}"
    )


def _created_index(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    if not outside.name:
        return Finding(Verdict.UNKNOWN, "the index has no name by which it could be found")
    row = connection.execute(
        _INDEX, [_name(connection, outside, outside.name), outside.table, outside.table]
    ).fetchone()
    if row is None:
        return Finding(Verdict.AGAIN, f"index {outside.name} is not there")
    if row[2]:
        return _done(f"index {outside.name} is complete")
    told = f"invalid index {outside.name} was left behind"
    return Finding(Verdict.AGAIN, told, (_drop(row[0], row[1]),))


def _reindexed(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    relation = outside.name or outside.table
    name = _name(connection, outside, relation) if relation else ""
    left = connection.execute(_LEFT_OVER, {"relation": name}).fetchall() if outside.concurrent else []
    told = f"left behind: {', '.join(index for _, index in left)}" if left else "it left nothing behind"
    return Finding(Verdict.AGAIN, told, tuple(_drop(schema, index) for schema, index in left))


def _detached(connection: "psycopg.Connection[Any]", outside: Outside) -> Finding:
    from psycopg.sql import SQL, Identifier

    row = connection.execute(_PARTITION, [_name(connection, outside, outside.table)]).fetchone()
    if row is None:
        return _done(f"{outside.table} is detached")
    if not row[0]:
        return Finding(Verdict.AGAIN, f"{outside.table} is still attached")
    parts = [outside.schema, outside.table] if outside.schema else [outside.table]
    finish = SQL("ALTER TABLE {} DETACH PARTITION {} FINALIZE").format(
        Identifier(row[1], row[2]), Identifier(*parts)
    )
    return Finding(Verdict.DONE, f"the detaching of {outside.table} was left pending", (finish,))


def _drop(schema: str, index: str) -> "Composed":
    from psycopg.sql import SQL, Identifier

    return SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(Identifier(schema, index))


def _name(connection: "psycopg.Connection[Any]", outside: Outside, name: str) -> str:
    """The quoted name, as to_regclass reads it."""
    from psycopg.sql import Identifier

    parts = [outside.schema, name] if outside.schema else [name]
    return Identifier(*parts).as_string(connection)
