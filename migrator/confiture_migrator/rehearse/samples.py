"""A few rows of each table that a migration touches, before and after it: what numbers do not show."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import psycopg

ROWS = 5
"""Rows of a table that are shown."""
LONGEST = 80
"""Characters of a value that are shown."""

Row = dict[str, str | None]

_TABLE = """
SELECT a.attname,
       EXISTS (SELECT FROM pg_catalog.pg_index AS i
               WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey))
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'm')
ORDER BY a.attnum
"""


class Sample(NamedTuple):
    """One table, before and after; None where it was not there."""

    before: list[Row] | None
    after: list[Row] | None


def rows_of(connection: "psycopg.Connection[Any]", tables: Iterable[str]) -> dict[str, list[Row] | None]:
    """The first rows of each table by its key, values as text; None for what is no table."""
    return {table: _rows(connection, table) for table in sorted(set(tables))}


def _rows(connection: "psycopg.Connection[Any]", table: str) -> list[Row] | None:
    from psycopg.sql import SQL, Identifier

    schema, _, name = table.partition(".")
    columns = connection.execute(_TABLE, [schema, name]).fetchall()
    if not columns:
        return None
    key = [column for column, in_key in columns if in_key]
    order = SQL(" ORDER BY {}").format(SQL(", ").join(map(Identifier, key))) if key else SQL("")
    query = SQL("SELECT {} FROM {}{} LIMIT {}").format(
        SQL(", ").join(
            SQL("pg_catalog.left({}::text, {})").format(Identifier(column), LONGEST + 1)
            for column, _ in columns
        ),
        Identifier(schema, name),
        order,
        ROWS,
    )
    names = [column for column, _ in columns]
    return [dict(zip(names, map(_shown, row), strict=True)) for row in connection.execute(query)]


def _shown(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST else value[:LONGEST] + "…"


def changed(
    before: Mapping[str, list[Row] | None], after: Mapping[str, list[Row] | None]
) -> dict[str, Sample]:
    """The tables whose first rows are not what they were."""
    return {
        table: Sample(before.get(table), after.get(table))
        for table in sorted({*before, *after})
        if before.get(table) != after.get(table)
    }
