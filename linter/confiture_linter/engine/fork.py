"""A second process for a part of the work.

The parser and Python itself hold one lock for all threads, so only a process uses the second processor. It is
forked, so it inherits everything without copying, does its part, sends the result back pickled and is gone. What
it fails to deliver, for whatever reason, the caller does itself.
"""

import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


def can_fork() -> bool:
    """Whether a second process is allowed: a processor for it, and no thread that might hold a lock.

    macOS has `fork`, but its system libraries do not survive it. `CONFITURE_SINGLE_PROCESS` turns it off.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or os.environ.get("CONFITURE_SINGLE_PROCESS"):
        return False
    if threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) > 1


class Forked(Generic[T]):
    """Runs `work` in a forked process."""

    def __init__(self, work: Callable[[], T]) -> None:
        reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reading)
            _run(work, writing)
        os.close(writing)
        self._received = bytearray()
        # A pipe holds 64 kB: without somebody who empties it the child would stand still.
        self._reader = threading.Thread(target=self._drain, args=(reading,), daemon=True)
        self._reader.start()

    def _drain(self, reading: int) -> None:
        with os.fdopen(reading, "rb", 0) as pipe:
            while chunk := pipe.read(1 << 20):
                self._received.extend(chunk)

    def result(self) -> T | None:
        """What `work` returned; None if the process failed in any way."""
        self._reader.join()
        _, status = os.waitpid(self._pid, 0)
        if status != 0:
            return None
        try:
            return cast("T", pickle.loads(self._received))  # noqa: S301 - our own child wrote it
        except Exception:
            return None


def _run(work: Callable[[], T], writing: int) -> None:
    """The child: never returns, never runs the parent's exit handlers or touches its streams."""
    code = 1
    try:
        with os.fdopen(writing, "wb", 1 << 20) as pipe:
            pickle.dump(work(), pipe, 5)
        code = 0
    finally:
        os._exit(code)
