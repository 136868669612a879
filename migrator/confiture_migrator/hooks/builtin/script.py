"""`sql`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from confiture_linter.parse import ParseFailure, parse_statements
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import HookContext, HookError, HookResult
from confiture_migrator.migrations.outside import outside_of

if TYPE_CHECKING:
    import psycopg


class RunSql:
    """Run SQL of the migration's own: `sql: "ANALYZE public.r_order"`, one statement or several.

    What PostgreSQL refuses in a transaction stands alone: after an interruption it can then be told whether it took effect.
    """

    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.sql = settings.text("sql")
        settings.close()
        data = self.sql.encode()
        try:
            parsed = parse_statements(self.sql, len(data))
        except ParseFailure as failure:
            raise HookError(f"config.sql cannot be read: {failure.message}") from None
        if any(raw.kind == "TransactionStmt" for raw in parsed):
            raise HookError("config.sql must leave BEGIN and COMMIT to the migrator")
        self.statements = tuple(data[raw.start : raw.end].decode() for raw in parsed)
        outside = [each for each in map(outside_of, parsed) if each is not None]
        self.outside = bool(outside)
        self.alone = outside[0] if outside and len(parsed) == 1 else None
        if outside and not self.alone and {each.action for each in outside} != {"repeatable"}:
            raise HookError(
                "config.sql has a statement that runs outside a transaction, and others: write a hook for each"
            )

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Run the statements one after the other."""
        del context
        rows = 0
        for statement in self.statements:
            rows += changed_rows(conn.execute(statement.encode()))
        return HookResult(rows)


_CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE", "COPY")


def changed_rows(cursor: "psycopg.Cursor[tuple[Any, ...]]") -> int:
    """Rows that a statement changed; those it only read do not count."""
    status = cursor.statusmessage or ""
    return max(cursor.rowcount, 0) if status.startswith(_CHANGES) else 0
