"""The model against a running server: forms next to those that were measured, of every family.

Each line of tests/data/locks/live.txt is a statement for the fixture, after ` ||| ` where it needs a set-up.
"""

from collections.abc import Iterator

import pytest
from tests.effects.judge import DATA, Form, answers, differences
from tests.effects.live import Laboratory, Measured

from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
FORMS = [tuple(line.split(" ||| ")) for line in (DATA / "live.txt").read_text().splitlines()]


@pytest.fixture(scope="module")
def laboratory(shadow: Shadow) -> Iterator[Laboratory]:
    """The fixture on the shared server."""
    made = Laboratory(shadow)
    yield made
    shadow.drop_database(made.fixture)


def test_the_server_agrees(laboratory: Laboratory) -> None:
    version = int(laboratory.shadow.server_version.partition(".")[0])
    wrong = {}
    for parts in FORMS:
        setup, sql = ("", parts[0]) if len(parts) == 1 else parts
        found = laboratory.measure(setup, sql)
        form = Form(sql, "live", setup, sql, {version: _result(found)})
        differing = differences(form, version, answers(setup, sql, (version,))[1][version])
        if differing:
            wrong[" ||| ".join(parts)] = differing
    assert wrong == {}


def _result(found: Measured) -> dict[str, object]:
    return {
        "in_transaction": found.in_transaction,
        "error": found.sqlstate if found.error is not None else None,
        "locks": {_short(name): mode for name, mode in found.locks.items()},
        "rewrites": sorted(map(_short, found.rewrites)),
        "scans": sorted(map(_short, found.scans)),
        "index_rebuilds": sorted(map(_short, found.index_rebuilds)),
        "alone": not found.in_transaction,
    }


def _short(name: str) -> str:
    return name.removeprefix("s.")
