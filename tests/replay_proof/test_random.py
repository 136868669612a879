"""Random histories end in the same catalog on both sides; `python -m tests.replay_proof A B` tries more of them."""

from collections.abc import Iterator

import pytest

from confiture_migrator.shadow import Shadow
from tests.replay_proof.random_run import run_random

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def template(shadow: Shadow) -> Iterator[str]:
    name = shadow.create_database("replay_template")
    yield name
    shadow.drop_database(name)


@pytest.mark.parametrize("seed", range(1, 9))
def test_random_history_ends_as_on_the_server(shadow: Shadow, template: str, seed: int) -> None:
    found = run_random(shadow, template, seed, 30, refusals=False)
    assert len(found.accepted) > 15
    assert not found.difference, (found.difference, found.accepted)
