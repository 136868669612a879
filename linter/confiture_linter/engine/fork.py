"""A second process for a part of the work.

The parser and Python itself hold one lock for all threads, so only a process uses the second processor. It is
forked, so it inherits everything without copying, does its part, sends the result back pickled and is gone. What
it fails to deliver, for whatever reason, the caller does itself.
"""

import os
import pickle
import sys
from collections.abc import Callable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


def can_fork() -> bool:
    """Whether a second process is allowed: a processor for it, and no thread that might hold a lock.

    macOS has `fork`, but its system libraries do not survive it. `CONFITURE_SINGLE_PROCESS` turns it off.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or os.environ.get("CONFITURE_SINGLE_PROCESS"):
        return False
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) > 1


class Forked(Generic[T]):
    """Runs `work` in a forked process.

    The answer goes through a file without a name, in memory where the system has such: a pipe holds 64 kB and would
    make the child wait for a reader, and a reader thread for the interpreter's lock.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._answer = _unnamed_file()
        self._pid = os.fork()
        if self._pid == 0:
            _run(work, self._answer)

    def result(self) -> T | None:
        """What `work` returned; None if the process failed in any way."""
        _, status = os.waitpid(self._pid, 0)
        with os.fdopen(self._answer, "rb") as file:
            if status != 0:
                return None
            file.seek(0)
            try:
                return cast("T", pickle.loads(file.read()))  # noqa: S301 - our own child wrote it
            except Exception:
                return None


def _unnamed_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("confiture-lint", os.MFD_CLOEXEC)
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _run(work: Callable[[], T], answer: int) -> None:
    """The child: never returns, never runs the parent's exit handlers or touches its streams."""
    code = 1
    try:
        with os.fdopen(answer, "wb", 1 << 20) as file:
            pickle.dump(work(), file, 5)
        code = 0
    finally:
        os._exit(code)
