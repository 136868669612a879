"""`capture_statistics` and `analyze_statistics`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg

_SIZES = """
SELECT c.oid::pg_catalog.regclass::text, c.reltuples::bigint, pg_catalog.pg_total_relation_size(c.oid)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'confiture')
  AND n.nspname !~ '^pg_(toast|temp)' AND (%(names)s::text[] IS NULL OR c.oid = ANY (%(names)s::pg_catalog.regclass[]))
ORDER BY 1
"""


class CaptureStatistics:
    """Note rows and bytes of tables in the shared `stats`, for later hooks: `tables` (default: all), `exact`."""

    outside = False
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.tables = settings.texts("tables")
        self.exact = settings.flag("exact", False)
        self.under = settings.text("into", "statistics")
        settings.close()

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Read sizes from the catalog; count rows where they are wanted exactly."""
        from psycopg.sql import SQL

        del context
        names = [identifier(table).as_string(conn) for table in self.tables] or None
        found: dict[str, dict[str, int]] = {}
        for table, rows, size in conn.execute(_SIZES, {"names": names}).fetchall():
            if self.exact:
                count = conn.execute(SQL("SELECT count(*) FROM {}").format(identifier(table))).fetchone()
                rows = count[0] if count else 0
            found[table] = {"rows": max(rows, 0), "bytes": size}
        return HookResult(stats={self.under: found}, message=f"{len(found)} tables")


class AnalyzeStatistics:
    """ANALYZE tables, so that the planner knows the new rows: `tables`."""

    outside = False
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.tables = settings.texts("tables", required=True)
        settings.close()
        for table in self.tables:
            name_parts(table)

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """One after the other, telling how far it is. ANALYZE is allowed in a transaction."""
        from psycopg.sql import SQL

        skipped: list[str] = []
        conn.add_notice_handler(lambda notice: skipped.append(notice.message_primary or ""))
        for done, table in enumerate(self.tables, 1):
            conn.execute(SQL("ANALYZE {}").format(identifier(table)))
            context.progress(done, len(self.tables), "tables")
        denied = [text for text in skipped if "skipping" in text]
        if denied:
            raise HookError("; ".join(denied))
        return HookResult(message=f"{len(self.tables)} tables")
