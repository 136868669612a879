"""The local queue: events that pgGit could not be told, one JSON object a line, in the order in which they happened.

A line is written, and on the disk (fsync), before the migration that it tells of commits: so nothing is lost when the
process is killed, and a line whose migration never committed is recognised by its id, which the database then does not
have. Lines are only added; `done` and `dropped` are lines, too. When nothing waits any more the file is removed.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Waiting(NamedTuple):
    """One event that waits."""

    id: str
    """The idempotency key."""
    target: tuple[str, str]
    """System identifier of the server (may be empty) and name of the database."""
    version: str
    what: str
    body: dict[str, Any]
    """What pgGit is told."""


class Queue:
    """One file. Every method may be called by several processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        """The path as a person at this place writes it."""
        return os.path.relpath(self.path)

    def add(self, waiting: Waiting) -> None:
        """Write an event down; raises OSError where that cannot be done."""
        self._append({"event": waiting._asdict()})

    def done(self, identifier: str) -> None:
        """Say that pgGit has it."""
        self._append({"done": identifier})

    def drop(self, identifier: str) -> None:
        """Say that it never happened: its migration did not commit."""
        self._append({"dropped": identifier})

    def waiting(self) -> tuple[Waiting, ...]:
        """What waits, oldest first."""
        if not self.path.exists():
            return ()
        with self._locked():
            return _waiting(self._lines())

    def readable(self) -> tuple[Waiting, ...]:
        """What waits, as far as this user may know: nothing where the file cannot be read."""
        try:
            return self.waiting()
        except OSError:
            return ()

    def tidy(self) -> None:
        """Remove the file if nothing waits."""
        if not self.path.exists():
            return
        with self._locked():
            if self.path.exists() and not _waiting(self._lines()):
                self.path.unlink()

    def _append(self, line: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(line).encode() + b"\n"
        with self._locked():
            new = not self.path.exists()
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(handle).st_size
                # A line that was torn by a crash must not swallow the next one.
                torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
                _write(handle, b"\n" + data if torn else data)
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                _sync_folder(self.path.parent)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Every whole line; one that a crash tore is none, for nobody was told that it was written."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        for line in data.splitlines():
            try:
                read = json.loads(line)
            except ValueError:
                continue
            if isinstance(read, dict):
                yield read

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes out; the lock is on the folder, for the file comes and goes."""
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _waiting(lines: Iterator[dict[str, Any]]) -> tuple[Waiting, ...]:
    open_ones: dict[str, Waiting] = {}
    for line in lines:
        event = line.get("event")
        if isinstance(event, dict) and set(event) == set(Waiting._fields):
            made = Waiting(**event)
            open_ones[made.id] = made._replace(target=(made.target[0], made.target[1]))
        for word in ("done", "dropped"):
            open_ones.pop(str(line.get(word, "")), None)
    return tuple(open_ones.values())


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
