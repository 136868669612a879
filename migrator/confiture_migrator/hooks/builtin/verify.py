"""`verify_consistency` and `test_application_queries`."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_migrator.hooks.names import identifier, name_parts
from confiture_migrator.hooks.settings import Settings
from confiture_migrator.hooks.values import Check, HookContext, HookError, HookResult

if TYPE_CHECKING:
    import psycopg

MANY = 5
"""Rows shown of a query that should have found none."""


class _Demand(NamedTuple):
    name: str
    sql: str
    expect: object


class VerifyConsistency:
    """Check data: `checks: [{name, sql, expect}]` (`expect`: a value, or no_rows), or `source_table`, `target_table`, `key`."""

    outside = False
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.demands = tuple(_demand(each) for each in settings.records("checks"))
        self.source = settings.optional("source_table")
        self.target = settings.optional("target_table")
        self.key = settings.texts("key")
        settings.close()
        if (self.source is None) != (self.target is None):
            raise HookError("config needs both `source_table` and `target_table`")
        if not self.demands and not self.source:
            raise HookError("config needs `checks`, or `source_table` and `target_table`")
        for name in filter(None, (self.source, self.target)):
            name_parts(name)

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Make every check before saying which failed."""
        checks = [_checked(conn, each) for each in self.demands]
        if self.source and self.target:
            checks.append(self._same_keys(conn) if self.key else self._same_count(conn))
        context.progress(len(checks), len(checks), "checks")
        return HookResult(checks=tuple(checks), message=f"{len(checks)} checks")

    def _same_count(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> Check:
        from psycopg.sql import SQL

        query = SQL("SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {})").format(
            identifier(self.source or ""), identifier(self.target or "")
        )
        row = conn.execute(query).fetchone() or (0, 0)
        return Check(
            f"rows of {self.source} and {self.target}", row[0] == row[1], f"{row[0]} and {row[1]} rows"
        )

    def _same_keys(self, conn: "psycopg.Connection[tuple[Any, ...]]") -> Check:
        from psycopg.sql import SQL, Identifier

        key = SQL(", ").join(map(Identifier, self.key))
        source, target = identifier(self.source or ""), identifier(self.target or "")
        query = SQL(
            "SELECT (SELECT count(*) FROM (SELECT {key} FROM {source} EXCEPT SELECT {key} FROM {target}) AS a), "
            "(SELECT count(*) FROM (SELECT {key} FROM {target} EXCEPT SELECT {key} FROM {source}) AS b)"
        ).format(key=key, source=source, target=target)
        row = conn.execute(query).fetchone() or (0, 0)
        detail = f"{row[0]} keys are missing from {self.target}, {row[1]} are too many"
        return Check(f"keys of {self.source} and {self.target}", row == (0, 0), detail)


class TestApplicationQueries:
    """Run queries that the application depends on: `queries: [SQL, …]`, `max_seconds` for each; nothing they do stays."""

    __test__ = False  # no test of pytest's
    outside = False
    external = False

    def __init__(self, config: Mapping[str, object]) -> None:
        settings = Settings(config)
        self.queries = settings.texts("queries", required=True)
        self.limit = settings.number("max_seconds", 0, 0)
        settings.close()

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult:
        """Each in a savepoint that is rolled back, so that all are tried and none changes anything."""
        checks = []
        for done, query in enumerate(self.queries, 1):
            checks.append(self._try(conn, query))
            context.progress(done, len(self.queries), "queries")
        return HookResult(checks=tuple(checks), message=f"{len(checks)} queries")

    def _try(self, conn: "psycopg.Connection[tuple[Any, ...]]", query: str) -> Check:
        import psycopg

        name = " ".join(query.split())[:60]
        begun = time.monotonic()
        try:
            with conn.transaction(force_rollback=True):
                conn.execute(query.encode())
        except psycopg.errors.QueryCanceled:
            raise
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            return Check(name, False, str(error).partition("\n")[0])
        took = time.monotonic() - begun
        slow = self.limit > 0 and took > self.limit
        return Check(name, not slow, f"{took:.3f} s, {self.limit} s are allowed" if slow else f"{took:.3f} s")


def _demand(record: Mapping[str, object]) -> _Demand:
    settings = Settings(record)
    demand = _Demand(settings.text("name"), settings.text("sql"), record.get("expect", "no_rows"))
    unknown = sorted(set(record) - {"name", "sql", "expect"})
    if unknown:
        raise HookError(f"a check has no key {', '.join(unknown)}; known: name, sql, expect")
    return demand


def _checked(conn: "psycopg.Connection[tuple[Any, ...]]", demand: _Demand) -> Check:
    cursor = conn.execute(demand.sql.encode())
    if cursor.description is None:
        raise HookError(f"check {demand.name}: its SQL is no query")
    rows = cursor.fetchmany(MANY)
    if demand.expect == "no_rows":
        shown = "; ".join(", ".join(map(str, row)) for row in rows)
        return Check(demand.name, not rows, f"found {shown}, where no rows should be" if rows else "")
    value = rows[0][0] if rows else None
    return Check(demand.name, _same(value, demand.expect), f"{value!r} instead of {demand.expect!r}")


def _same(value: object, expected: object) -> bool:
    """Compare a value of the server's with one of YAML: 3 is 3 is 3.00, and text is as psql would print it."""
    if isinstance(expected, bool) or expected is None or isinstance(value, bool):
        return value is expected or value == expected
    if isinstance(expected, int | float) and value is not None:
        try:
            return float(str(value)) == float(expected)
        except ValueError:
            return False
    return str(value) == str(expected)
