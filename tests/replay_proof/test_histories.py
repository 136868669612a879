"""After every statement of every history our catalog is the server's."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from confiture_migrator.shadow import Shadow
from tests.replay_proof.compare import difference
from tests.replay_proof.histories import HISTORIES

pytestmark = pytest.mark.pg


@pytest.fixture
def database(shadow: Shadow) -> Iterator["psycopg.Connection[Any]"]:
    name = shadow.create_database("replay_proof")
    with shadow.connect(name) as connection:
        yield connection
    shadow.drop_database(name)


@pytest.mark.parametrize("name", HISTORIES)
def test_history_ends_as_on_the_server(database: "psycopg.Connection[Any]", name: str) -> None:
    history = HISTORIES[name]
    open_transaction = False
    for count, statement in enumerate(history, 1):
        database.execute(statement.encode())
        open_transaction = (open_transaction or statement == "BEGIN") and statement not in (
            "COMMIT",
            "ROLLBACK",
        )
        if not open_transaction:
            assert not (found := difference(database, history[:count])), (statement, found)
