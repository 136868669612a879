"""`backfill_read_model`: batches with progress; can be resumed, keeps every row with its tenant."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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


class _Done:
    """How far it has come."""

    def __init__(self) -> None:
        self.staged = self.rows = self.inserted = 0
        self.truncated = False


class BackfillReadModel:
    """Fill a read model from a query: `source_table`, `target_table`, `source_query`, `batch_size`, `truncate`, `tenants`.

    The query runs once, into a temporary table, and its rows go into the target in batches. A row whose primary key is
    there already is left as it is: an interrupted backfill goes on where it stopped. Where the configuration names a
    tenant column and a tenant setting, no batch has rows of two tenants, and the setting is that of the batch: policies,
    defaults and triggers see what they see in the application. Where row-level security hides rows from the role, the
    query runs once for each tenant that the query `tenants` gives.
    """

    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.source = settings.text("source_table")
        self.target = settings.text("target_table")
        self.query = settings.text("source_query").strip().rstrip(";")
        self.batch_size = settings.number("batch_size", 10_000)
        self.truncate = settings.flag("truncate", False)
        self.tenants = settings.optional("tenants")
        self.outside = settings.flag("commit_batches", False)
        settings.close()
        name_parts(self.source)
        name_parts(self.target)
        for key, query in (("source_query", self.query), ("tenants", self.tenants)):
            if query is not None:
                _one_select(key, query)

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Stage, check, insert in batches. With `commit_batches` each batch is a transaction."""
        done = _Done()
        with _setting_kept(conn, context.tenant_setting, local=not self.outside):
            for tenant in self._tenants(conn, context):
                if tenant is not None:
                    _become(conn, context, tenant, local=not self.outside)
                self._pass(conn, context, done)
        there = done.staged - done.inserted
        told = f"{there} rows were there already" if there else ""
        return HookResult(done.inserted, {"backfilled": {self.target: done.inserted}}, message=told)

    def _tenants(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> Sequence[object]:
        """The tenants for each of which the query runs; one that is None: it runs once for all."""
        if self.tenants is not None:
            if context.tenant_setting is None:
                raise HookError(
                    "config.tenants needs `tenancy.setting` in confiture.yaml: what would be set?"
                )
            return [row[0] for row in conn.execute(self.tenants.encode()).fetchall()]
        hiding = [each for each in (self.source, self.target) if _hides_rows(conn, each)]
        if hiding and context.tenant_setting is not None:
            raise HookError(
                f"row-level security hides rows of {' and '.join(hiding)} from this role: give `tenants`, a query that "
                f"lists all tenants, so that {context.tenant_setting} is set for each, or apply as a role with BYPASSRLS"
            )
        return (None,)

    def _pass(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext, done: "_Done") -> None:
        """Run the query and insert its rows."""
        from psycopg.sql import SQL, Identifier

        stage = Identifier("pg_temp", STAGE)
        conn.execute(SQL("DROP TABLE IF EXISTS {}").format(stage))
        staged = conn.execute(
            SQL("CREATE TEMPORARY TABLE {} AS SELECT {} AS {}, q.* FROM ({}) AS q").format(
                Identifier(STAGE), self._number(conn, context), Identifier(ORDINAL), SQL(self.query)
            )
        )
        done.staged += max(staged.rowcount, 0)
        shape = self._shape(conn)
        self._keep_tenants(conn, context, shape)
        conn.execute(SQL("CREATE UNIQUE INDEX ON {} ({})").format(stage, Identifier(ORDINAL)))
        conn.execute(SQL("ANALYZE {}").format(stage))
        if self.truncate and not done.truncated:
            conn.execute(SQL("TRUNCATE {}").format(identifier(self.target)))
            done.truncated = True
        for tenant, first, last in self._stretches(conn, context, shape):
            if tenant is not None:
                _become(conn, context, tenant, local=not self.outside)
            for after in range(first - 1, last, self.batch_size):
                upto = min(after + self.batch_size, last)
                done.inserted += max(conn.execute(self._insert(shape, after, upto)).rowcount, 0)
                done.rows += upto - after
                context.progress(done.rows, None if self.tenants else done.staged, "rows")
        conn.execute(SQL("DROP TABLE {}").format(stage))

    def _number(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> "Composed":
        """The number of a row, one tenant after the other where that matters."""
        from psycopg.sql import SQL, Identifier

        column = context.tenant_column
        if column is None or context.tenant_setting is None or not self._gives(conn, column):
            return SQL("pg_catalog.row_number() OVER ()").format()
        return SQL("pg_catalog.row_number() OVER (ORDER BY q.{})").format(Identifier(column))

    def _gives(self, conn: "psycopg.Connection[tuple[Any, ...]]", column: str) -> bool:
        """Whether the query has this column."""
        from psycopg.sql import SQL

        described = conn.execute(SQL("SELECT q.* FROM ({}) AS q LIMIT 0").format(SQL(self.query))).description
        return any(each.name == column for each in described or ())

    def _stretches(
        self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext, shape: "_Shape"
    ) -> list[tuple[object, int, int]]:
        """The rows of each tenant, first and last; all rows at once where no setting is to be kept."""
        from psycopg.sql import SQL, Identifier

        column, stage = context.tenant_column, Identifier("pg_temp", STAGE)
        of_one = column in shape.columns and context.tenant_setting is not None
        tenant = SQL("{}").format(Identifier(column)) if column and of_one else SQL("NULL").format()
        query = SQL("SELECT {0}, min({1}), max({1}) FROM {2} GROUP BY 1 ORDER BY 2").format(
            tenant, Identifier(ORDINAL), stage
        )
        return conn.execute(query).fetchall()

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


def _one_select(key: str, query: str) -> None:
    try:
        parsed = parse_statements(query, len(query.encode()))
    except ParseFailure as failure:
        raise HookError(f"config.{key} cannot be read: {failure.message}") from None
    if [raw.kind for raw in parsed] != ["SelectStmt"]:
        raise HookError(f"config.{key} must be one SELECT")


# The tenant that the session acts for.


def _hides_rows(conn: "psycopg.Connection[tuple[Any, ...]]", table: str) -> bool:
    """Whether row-level security applies to us there."""
    name = identifier(table).as_string(conn)
    row = conn.execute(
        "SELECT c.relkind IN ('r', 'p') AND pg_catalog.row_security_active(c.oid) FROM pg_catalog.pg_class AS c "
        "WHERE c.oid = pg_catalog.to_regclass(%s)",
        [name],
    ).fetchone()
    return bool(row and row[0])


def _become(
    conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext, tenant: object, *, local: bool
) -> None:
    conn.execute("SELECT pg_catalog.set_config(%s, %s::text, %s)", [context.tenant_setting, tenant, local])


@contextmanager
def _setting_kept(
    conn: "psycopg.Connection[tuple[Any, ...]]", setting: str | None, *, local: bool
) -> Iterator[None]:
    """Put the setting back afterwards; after a failure the roll-back does, or the reset of the session."""
    if setting is None:
        yield
        return
    row = conn.execute("SELECT pg_catalog.current_setting(%s, true)", [setting]).fetchone()
    yield
    before = row[0] if row and row[0] is not None else ""
    conn.execute("SELECT pg_catalog.set_config(%s, %s, %s)", [setting, before, local])
