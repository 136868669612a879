"""Watches of statements: one tells what happens as events, the other looks away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from confiture_migrator.events import Sink, StepCompleted, StepFailed, StepStarted
from confiture_migrator.migrations.statements import Statement


class EventWatch:
    """Makes events of statements."""

    def __init__(self, version: str, sink: Sink) -> None:
        self._version = version
        self._sink = sink

    @contextmanager
    def step(self, index: int, statement: Statement | None) -> Iterator[list[int]]:
        """Tell when it begins and how it ends."""
        file, line, sql = (
            ("", 0, "") if statement is None else (statement.file, statement.line, statement.shown)
        )
        self._sink.emit(StepStarted(self._version, index, file, line, sql))
        begun = time.monotonic()
        rows: list[int] = []
        try:
            yield rows
        except BaseException as error:
            secret = statement is not None and statement.secret
            told = type(error).__name__ if secret else str(error)
            self._sink.emit(StepFailed(self._version, index, file, line, told))
            raise
        self._sink.emit(StepCompleted(self._version, index, file, line, time.monotonic() - begun, sum(rows)))
