"""`backfill_read_model`: batches with progress; can be resumed, keeps every row with its tenant."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_linter.parse import ParseFailure, parse_statements
from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

_COLUMNS = """
SELECT a.attname, a.attgenerated <> '' OR a.attidentity = 'a'
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = pg_catalog.to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped
"""
_KEY = """
SELECT a.attname FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = pg_catalog.to_regclass(%s) AND i.indisprimary
"""
STAGE = "confiture_backfill"
ORDINAL = "confiture_ordinal"


class _Shape(NamedTuple):
    columns: tuple[str, ...]
    key: tuple[str, ...]


class BackfillReadModel:
    """Fill a read model from a query: `source_table`, `target_table`, `source_query`, `batch_size`, `truncate`.

    The query runs once, into a temporary table, and its rows go into the target in batches. A row whose primary key is
    there already is left as it is: an interrupted backfill goes on where it stopped.
    """

    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.source = settings.text("source_table")
        self.target = settings.text("target_table")
        self.query = settings.text("source_query").strip().rstrip(";")
        self.batch_size = settings.number("batch_size", 10_000)
        self.truncate = settings.flag("truncate", False)
        self.outside = settings.flag("commit_batches", False)
        settings.close()
        name_parts(self.source)
        name_parts(self.target)
        try:
            parsed = parse_statements(self.query, len(self.query.encode()))
        except ParseFailure as failure:
            raise HookError(f"config.source_query cannot be read: {failure.message}") from None
        if [raw.kind for raw in parsed] != ["SelectStmt"]:
            raise HookError("config.source_query must be one SELECT")

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Stage, check, insert in batches. With `commit_batches` each batch is a transaction."""
        from psycopg.sql import SQL, Identifier

        stage = Identifier("pg_temp", STAGE)
        conn.execute(SQL("DROP TABLE IF EXISTS {}").format(stage))
        staged = conn.execute(
            SQL(
                "CREATE TEMPORARY TABLE {} AS SELECT pg_catalog.row_number() OVER () AS {}, q.* FROM ({}) AS q"
            ).format(
                Identifier(STAGE),
                Identifier(ORDINAL),
                SQL(self.query),
            )
        )
        total = max(staged.rowcount, 0)
        shape = self._shape(conn)
        self._keep_tenants(conn, context, shape)
        conn.execute(SQL("CREATE UNIQUE INDEX ON {} ({})").format(stage, Identifier(ORDINAL)))
        conn.execute(SQL("ANALYZE {}").format(stage))
        if self.truncate:
            conn.execute(SQL("TRUNCATE {}").format(identifier(self.target)))
        inserted = done = 0
        while done < total:
            batch = self._insert(shape, done, done + self.batch_size)
            inserted += max(conn.execute(batch).rowcount, 0)
            done = min(done + self.batch_size, total)
            context.progress(done, total, "rows")
        conn.execute(SQL("DROP TABLE {}").format(stage))
        there = total - inserted
        told = f"{there} rows were there already" if there else ""
        return HookResult(inserted, {"backfilled": {self.target: inserted}}, message=told)

    def _shape(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> _Shape:
        """Columns to fill, by name; every column of the query must be one of the target's."""
        target = identifier(self.target).as_string(conn)
        there = dict(conn.execute(_COLUMNS, [target]).fetchall())
        if not there:
            raise HookError(f"there is no table {self.target}")
        given = [
            name for (name, _) in conn.execute(_COLUMNS, [f"pg_temp.{STAGE}"]).fetchall() if name != ORDINAL
        ]
        unknown = [name for name in given if name not in there]
        if unknown:
            raise HookError(
                f"{self.target} has no column {', '.join(unknown)}: rename it in source_query with AS"
            )
        computed = [name for name in given if there[name]]
        if computed:
            raise HookError(
                f"{self.target} computes {', '.join(computed)} itself: leave it out of source_query"
            )
        key = tuple(name for (name,) in conn.execute(_KEY, [target]).fetchall())
        if not key and self.outside:
            raise HookError(f"{self.target} has no primary key, so an interrupted backfill could not go on")
        return _Shape(tuple(given), key)

    def _keep_tenants(
        self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext, shape: _Shape
    ) -> None:
        """Every row carries a tenant, and one that its source has."""
        from psycopg.sql import SQL, Identifier

        column = context.tenant_column
        target, source = (identifier(each).as_string(conn) for each in (self.target, self.source))
        if column is None or column not in dict(conn.execute(_COLUMNS, [target]).fetchall()):
            return
        if column not in shape.columns:
            raise HookError(f"source_query gives no {column}: rows of {self.target} would belong to nobody")
        if column not in dict(conn.execute(_COLUMNS, [source]).fetchall()):
            return
        query = SQL(
            "SELECT count(*) FROM {stage} AS q WHERE NOT EXISTS (SELECT FROM {source} AS s WHERE s.{column} = q.{column})"
        ).format(
            stage=Identifier("pg_temp", STAGE), source=identifier(self.source), column=Identifier(column)
        )
        row = conn.execute(query).fetchone()
        if row and row[0]:
            raise HookError(
                f"source_query gives {row[0]} rows whose {column} does not occur in {self.source}: they would change hands"
            )

    def _insert(self, shape: _Shape, after: int, upto: int) -> "Composed":
        from psycopg.sql import SQL, Identifier, Literal

        columns = SQL(", ").join(map(Identifier, shape.columns))
        return SQL(
            "INSERT INTO {target} ({columns}) SELECT {columns} FROM {stage} "
            "WHERE {ordinal} > {after} AND {ordinal} <= {upto}{conflict}"
        ).format(
            target=identifier(self.target),
            columns=columns,
            stage=Identifier("pg_temp", STAGE),
            ordinal=Identifier(ORDINAL),
            after=Literal(after),
            upto=Literal(upto),
            conflict=_on_conflict(shape.key),
        )


def _on_conflict(key: Sequence[str]) -> "Composed":
    from psycopg.sql import SQL, Composed, Identifier

    if not key:
        return Composed([SQL("")])
    return SQL(" ON CONFLICT ({}) DO NOTHING").format(SQL(", ").join(map(Identifier, key)))
