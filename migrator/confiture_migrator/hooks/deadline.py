"""A limit on how long a hook may take, whether it waits for the server or for something else."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class HookTimeout(KeyboardInterrupt):
    """The time is up.

    A KeyboardInterrupt because that is what psycopg expects in the middle of a query: it then cancels the query on the
    server and leaves a connection that can be used. And so that `except Exception` in a hook cannot swallow it.
    """


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `HookTimeout` in the body when the time is up.

    By a timer signal, which only the main thread can have; elsewhere the server's `statement_timeout` alone holds.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def up(_number: int, _frame: FrameType | None) -> None:
        raise HookTimeout

    before = signal.signal(signal.SIGALRM, up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
