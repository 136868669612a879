"""The mark on the target: unusable from before the first row until the verifier has passed.

The comment of the database and the table `confiture.anonymization` say so; the table also knows which tables are there
already, so that a run that was interrupted goes on. A table's row is written in the transaction that loads it.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.anonymize.sql_text import identifier, literal

if TYPE_CHECKING:
    import psycopg

UNUSABLE = "confiture-migrate anonymize: NOT USABLE, this copy is not complete or not verified"
_CREATE = """
CREATE SCHEMA IF NOT EXISTS confiture;
CREATE TABLE IF NOT EXISTS confiture.anonymization (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  profile text NOT NULL,
  digest text NOT NULL,
  state text NOT NULL CHECK (state IN ('loading', 'loaded', 'unverified', 'failed', 'verified')),
  comment_before text,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE TABLE IF NOT EXISTS confiture.anonymized_table (
  name text PRIMARY KEY,
  units integer NOT NULL,
  units_done integer NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  finished_at timestamptz
);
CREATE TABLE IF NOT EXISTS confiture.anonymized_unit (
  name text NOT NULL REFERENCES confiture.anonymized_table ON DELETE CASCADE,
  first_page bigint NOT NULL,
  rows bigint,
  PRIMARY KEY (name, first_page)
);
"""


class Mark(NamedTuple):
    """What the target says of itself."""

    digest: str
    state: str
    done: dict[str, int]
    """Tables that are there, and their rows."""


def read_mark(target: "psycopg.Connection[Any]") -> Mark | None:
    """The mark; None where the target has none."""
    if target.execute("SELECT pg_catalog.to_regclass('confiture.anonymization') IS NULL").fetchone() == (
        True,
    ):
        return None
    row = target.execute("SELECT digest, state FROM confiture.anonymization").fetchone()
    if row is None:
        return None
    done = target.execute(
        "SELECT name, rows FROM confiture.anonymized_table WHERE units_done = units"
    ).fetchall()
    return Mark(row[0], row[1], dict(done))


def begin(target: "psycopg.Connection[Any]", profile: str, digest: str, *, again: bool) -> str:
    """Mark the target; returns what could not be done, for the report. `again`: an interrupted run goes on."""
    target.execute(_CREATE)
    comment = target.execute(
        "SELECT pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database "
        "WHERE datname = pg_catalog.current_database()"
    ).fetchone()
    before = comment[0] if comment and comment[0] != UNUSABLE else None
    with target.transaction():
        if not again:
            target.execute("DELETE FROM confiture.anonymized_table")
            kept = target.execute("DELETE FROM confiture.anonymization RETURNING comment_before").fetchone()
            before = before or (kept[0] if kept else None)
            target.execute(
                "INSERT INTO confiture.anonymization (profile, digest, state, comment_before) VALUES (%s, %s, 'loading', %s)",
                [profile, digest, before],
            )
        target.execute("UPDATE confiture.anonymization SET state = 'loading', finished_at = NULL")
        target.execute(f"COMMENT ON TABLE confiture.anonymization IS {literal(UNUSABLE)}".encode())
    return _comment_database(target, UNUSABLE)


def finish(target: "psycopg.Connection[Any]", state: str) -> None:
    """Say how it ended; only `verified` takes the mark away."""
    row = target.execute(
        "UPDATE confiture.anonymization SET state = %s, finished_at = pg_catalog.now() RETURNING comment_before",
        [state],
    ).fetchone()
    if state == "verified":
        target.execute("COMMENT ON TABLE confiture.anonymization IS 'a verified copy without personal data'")
        _comment_database(target, row[0] if row else None)


def announce(target: "psycopg.Connection[Any]", table: str, units: int) -> None:
    """Say that a table is loaded in so many units."""
    target.execute(
        "INSERT INTO confiture.anonymized_table (name, units) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET units = excluded.units, units_done = 0, rows = 0, finished_at = NULL",
        [table, units],
    )
    target.execute("DELETE FROM confiture.anonymized_unit WHERE name = %s", [table])


def begin_unit(target: "psycopg.Connection[Any]", table: str, first_page: int) -> int | None:
    """Claim a unit in the transaction that loads it; the rows of one that is there already, else None.

    A worker that is lost may have committed, and its unit is handed out again: whoever comes second waits here for the
    first, and finds what it did.
    """
    claimed = target.execute(
        "INSERT INTO confiture.anonymized_unit (name, first_page) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        [table, first_page],
    )
    if claimed.rowcount:
        return None
    row = target.execute(
        "SELECT rows FROM confiture.anonymized_unit WHERE name = %s AND first_page = %s", [table, first_page]
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def unit_done(target: "psycopg.Connection[Any]", table: str, first_page: int, rows: int) -> None:
    """Note, in the transaction that loaded it, that one unit of a table is there."""
    target.execute(
        "UPDATE confiture.anonymized_unit SET rows = %s WHERE name = %s AND first_page = %s",
        [rows, table, first_page],
    )
    target.execute(
        "UPDATE confiture.anonymized_table SET units_done = units_done + 1, rows = rows + %s, finished_at = pg_catalog.now() "
        "WHERE name = %s",
        [rows, table],
    )


def _comment_database(target: "psycopg.Connection[Any]", comment: str | None) -> str:
    import psycopg

    name = target.execute("SELECT pg_catalog.current_database()").fetchone()
    said = literal(comment) if comment is not None else "NULL"
    try:
        target.execute(f"COMMENT ON DATABASE {identifier(name[0] if name else '')} IS {said}".encode())
    except psycopg.errors.InsufficientPrivilege:
        return "the role does not own the target database, whose comment therefore does not say that it is unusable; confiture.anonymization does"
    return ""
