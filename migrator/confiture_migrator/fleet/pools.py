"""Where databases are worked on: processes, each with an interpreter of its own, so that Python migrations do not meet."""

from concurrent.futures import Executor


def processes(count: int) -> Executor:
    """An executor of `count` processes. They are started afresh: a forked one would share connections."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
