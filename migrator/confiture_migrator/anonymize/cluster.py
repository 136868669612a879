"""Units on the workers of a Dask cluster, for databases that one machine cannot copy fast enough.

A worker needs this package, the same version of it, and the environment variables that hold the URLs and keys: nothing
secret travels. Its interface is that of `concurrent.futures`, so that the rest cannot tell it from processes.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from confiture_linter.version import __version__
from confiture_migrator.errors import ApplyFailed, MigrateError

CONNECT_SECONDS = 10
LOST_WORKERS = 3
"""Workers that may be lost with one unit before it is given up."""


@contextmanager
def cluster(address: str, variables: Iterable[str]) -> Iterator[Executor]:
    """An executor that runs on the workers of the scheduler at `address`, such as `tcp://10.0.0.1:8786`.

    `variables` are the environment variables that every worker must have. Raises `MigrateError` before anything is done
    if there is no scheduler, no worker, or one that is not fit; `ApplyFailed` if a unit is lost with its workers.
    """
    distributed = _dask()
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise MigrateError(
            f"--scheduler {address}: no Dask scheduler answers ({str(error) or type(error).__name__})"
        ) from None
    try:
        _fit(address, client.run(_missing, sorted(set(variables)), __version__))
        with client.get_executor(pure=False, retries=0) as pool:
            yield pool
    except distributed.KilledWorker:
        raise ApplyFailed(
            f"a unit was lost with {LOST_WORKERS} workers, one after the other: look at their logs and their memory, then run "
            "the same command again to go on"
        ) from None
    finally:
        client.close()


def _dask() -> Any:
    """The package `distributed`, whose types tell little."""
    try:
        return import_module("distributed")
    except ImportError:
        raise MigrateError("Dask is missing: pip install 'confiture-lint[cluster]'") from None


def _missing(variables: list[str], version: str) -> str:
    """What a worker lacks; runs there."""
    lacking = [name for name in variables if not os.environ.get(name)]
    if __version__ != version:
        return f"it has confiture-lint {__version__}, this is {version}"
    return f"its environment has no {', '.join(lacking)}" if lacking else ""


def _fit(address: str, answers: dict[str, str]) -> None:
    if not answers:
        raise MigrateError(
            f"--scheduler {address}: the cluster has no workers; start some with `dask worker {address}`"
        )
    wrong = [f"worker {worker}: {answer}" for worker, answer in sorted(answers.items()) if answer]
    if wrong:
        raise MigrateError("\n".join(wrong))
