"""`rebuild_read_models`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg


class RebuildReadModels:
    """Fill read models anew: `views` are refreshed (`concurrently`), `functions` without arguments are called."""

    outside = False  # REFRESH MATERIALIZED VIEW CONCURRENTLY is allowed in a transaction
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.views = settings.texts("views")
        self.functions = settings.texts("functions")
        self.concurrently = settings.flag("concurrently", False)
        settings.close()
        if not self.views and not self.functions:
            raise HookError("config needs `views` or `functions`")
        for name in (*self.views, *self.functions):
            name_parts(name)

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Views first, in the order in which they are written."""
        from psycopg.sql import SQL

        total = len(self.views) + len(self.functions)
        how = SQL("CONCURRENTLY ") if self.concurrently else SQL("")
        for done, view in enumerate(self.views, 1):
            conn.execute(SQL("REFRESH MATERIALIZED VIEW {}{}").format(how, identifier(view)))
            context.progress(done, total, "read models")
        for done, function in enumerate(self.functions, len(self.views) + 1):
            conn.execute(SQL("SELECT {}()").format(identifier(function)))
            context.progress(done, total, "read models")
        return HookResult(message=f"{total} read models")
