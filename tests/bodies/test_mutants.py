"""Planted faults are found, and mutants that the server runs are left alone."""

import psycopg
import pytest

from confiture_migrator.shadow import Shadow
from tests.bodies.cases import CASES
from tests.bodies.judge import judge
from tests.bodies.mutants import sample
from tests.bodies.schema import SCHEMA

UNREACHED = ("version of the server", "record of two shapes")
"""Cases in which a fault may stand in a branch that is never run: the server says nothing of it."""


@pytest.mark.pg
@pytest.mark.parametrize("seed", [7, 11])
def test_planted_faults(seed: int, shadow: Shadow) -> None:
    name = shadow.create_database(f"mutants{seed}")
    with shadow.connect(name) as connection:
        assert isinstance(connection, psycopg.Connection)
        connection.execute(SCHEMA)
        verdicts = [judge(mutant, connection) for mutant in sample(CASES, seed, 150)]
    shadow.drop_database(name)
    faults = [v for v in verdicts if v.fault]
    missed = [v.mutant.text for v in faults if v.missed]
    assert len(faults) > 80
    assert len(missed) * 10 <= len(faults), missed
    assert [v for v in verdicts if v.false_alarm and v.mutant.name not in UNREACHED] == []
