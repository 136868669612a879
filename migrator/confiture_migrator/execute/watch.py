"""Watches of statements; this one tells what happens as events, `rehearse.meter` measures."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from confiture_migrator.events import Sink, StepCompleted, StepFailed, StepStarted
from confiture_migrator.migrations.statements import Statement


class Watch(Protocol):
    """Watches statements."""

    def step(self, index: int, statement: Statement) -> AbstractContextManager[list[int]]:
        """Watch one; the body appends the rows it changed."""
        ...


class EventWatch:
    """Makes events of statements."""

    def __init__(self, version: str, sink: Sink) -> None:
        self._version = version
        self._sink = sink

    @contextmanager
    def step(self, index: int, statement: Statement) -> Iterator[list[int]]:
        """Tell when it begins and how it ends."""
        file, line = statement.file, statement.line
        self._sink.emit(StepStarted(self._version, index, file, line, statement.shown))
        begun = time.monotonic()
        rows: list[int] = []
        try:
            yield rows
        except BaseException as error:
            told = type(error).__name__ if statement.secret else str(error)
            self._sink.emit(StepFailed(self._version, index, file, line, told))
            raise
        self._sink.emit(StepCompleted(self._version, index, file, line, time.monotonic() - begun, sum(rows)))
