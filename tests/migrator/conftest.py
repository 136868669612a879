"""A project with a database of its own, for every test that asks."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.migrator.project import CONFIG, Project

from confiture_migrator.shadow import Shadow

_numbers = itertools.count(1)


@pytest.fixture
def project(shadow: Shadow, tmp_path: Path) -> Iterator[Project]:
    """A folder with confiture.yaml and an empty database; no rule is on, so that only the migrator speaks."""
    made = Project(tmp_path, shadow, shadow.create_database(f"project_{os.getpid()}_{next(_numbers)}"))
    (tmp_path / "db/migrations").mkdir(parents=True)
    made.write({"confiture.yaml": CONFIG})
    yield made
    shadow.drop_database(made.database)
