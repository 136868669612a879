"""Statements that a Python migration sends, watched one by one as those of a script are, each with its line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from confiture_migrator.execute.watch import Watch
from confiture_migrator.hooks.builtin.script import changed_rows
from confiture_migrator.migrations.statements import Statement, one_statement

if TYPE_CHECKING:
    import psycopg


class Sent:
    """What was sent."""

    def __init__(self) -> None:
        self.count = 0
        self.rows = 0
        self.failed: tuple[BaseException, Statement] | None = None
        """The last error and what it was about."""


@contextmanager
def watched(connection: "psycopg.Connection[Any]", watch: Watch, file: str, disk: str) -> Iterator[Sent]:
    """Watch every `execute` on cursors of the connection; what the watch itself asks is not watched."""
    import psycopg

    sent = Sent()
    looking = False

    class Watched(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            return observed(self, super().execute, query, arguments, options)

        def executemany(self, query: Any, *arguments: Any, **options: Any) -> None:
            observed(self, super().executemany, query, arguments, options)

    def observed(cursor: Any, send: Any, query: Any, arguments: Any, options: Any) -> Any:
        nonlocal looking
        if looking:
            return send(query, *arguments, **options)
        statement = one_statement(_text(query, connection), file, _line(disk))
        looking = True
        try:
            with watch.step(sent.count, statement) as rows:
                answer = send(query, *arguments, **options)
                rows.append(changed_rows(cursor))
        except BaseException as error:
            sent.failed = error, statement
            raise
        finally:
            looking = False
        sent.count += 1
        sent.rows += sum(rows)
        return answer

    before = connection.cursor_factory
    connection.cursor_factory = Watched
    try:
        yield sent
    finally:
        connection.cursor_factory = before


def _text(query: Any, connection: "psycopg.Connection[Any]") -> str:
    """The text of a query: of psycopg's own kinds, text or bytes."""
    if hasattr(query, "as_string"):
        return str(query.as_string(connection))
    return query.decode("utf-8", "replace") if isinstance(query, bytes) else str(query)


def _line(disk: str) -> int:
    """The line of the file from which we were called; 0 if it was not called from there."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == disk:
            return frame.f_lineno
        if frame.f_back is None:
            break
        frame = frame.f_back
    return 0
