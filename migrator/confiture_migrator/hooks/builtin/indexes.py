"""`rebuild_index`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg

_LEFT_OVER = """
SELECT n.nspname, i.relname
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
WHERE NOT x.indisvalid AND i.relname ~ '_cc(new|old)[0-9]*$'
  AND (i.relname ~ ('^' || %(index)s || '_cc') OR x.indrelid = pg_catalog.to_regclass(nullif(%(table)s, '')))
"""


class RebuildIndex:
    """REINDEX an index or all of a table: `index` or `table`, `concurrently` (default; outside a transaction)."""

    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.index = settings.optional("index")
        self.table = settings.optional("table")
        self.outside = settings.flag("concurrently", True)
        settings.close()
        if (self.index is None) == (self.table is None):
            raise HookError("config needs `index` or `table`, not both")
        name_parts(self.index or self.table or "")

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Rebuild; concurrently means without blocking writes, and leaves nothing invalid behind when it fails."""
        from psycopg.sql import SQL

        del context
        what = SQL("INDEX") if self.index else SQL("TABLE")
        how = SQL(" CONCURRENTLY") if self.outside else SQL("")
        name = identifier(self.index or self.table or "")
        if self.outside:
            self._clean(conn)
        conn.execute(SQL("REINDEX {}{} {}").format(what, how, name))
        return HookResult(message=self.index or self.table or "")

    def _clean(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> None:
        """Drop the half-built copies that an interrupted REINDEX CONCURRENTLY left."""
        import re

        from psycopg.sql import SQL, Identifier

        index = re.escape(name_parts(self.index)[-1]) if self.index else "$."
        table = identifier(self.table).as_string(conn) if self.table else ""
        for schema, name in conn.execute(_LEFT_OVER, {"index": index, "table": table}).fetchall():
            conn.execute(SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(Identifier(schema, name)))
