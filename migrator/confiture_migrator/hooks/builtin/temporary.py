"""`drop_temporary_tables`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookResult

if TYPE_CHECKING:
    import psycopg

_MINE = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relpersistence = 't' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.oid = pg_catalog.pg_my_temp_schema()
ORDER BY c.relname
"""


class DropTemporaryTables:
    """Drop the temporary tables of the session, or the tables named in `tables`, which may be ordinary ones."""

    outside = False
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.tables = settings.texts("tables")
        settings.close()
        for table in self.tables:
            name_parts(table)

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Drop; without CASCADE: what depends on such a table is not ours to drop."""
        from psycopg.sql import SQL, Identifier

        del context
        names = [identifier(table) for table in self.tables]
        if not names:
            names = [Identifier(schema, name) for schema, name in conn.execute(_MINE).fetchall()]
        for name in names:
            conn.execute(SQL("DROP TABLE IF EXISTS {}").format(name))
        return HookResult(message=f"{len(names)} tables")
