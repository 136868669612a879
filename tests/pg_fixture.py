"""The shadow server that tests share; tests/conftest.py makes it known."""

from collections.abc import Iterator

import pytest

from confiture_migrator.shadow import Shadow


@pytest.fixture(scope="session")
def shadow() -> Iterator[Shadow]:
    """A throw-away PostgreSQL for the whole run (one per worker); make databases in it, and drop big ones."""
    with Shadow.start() as server:
        yield server


def major(server: Shadow) -> int:
    """The major version of the server that the tests run on: `SHADOWPG_BINDIR` chooses another."""
    return int(server.server_version.partition(".")[0])
