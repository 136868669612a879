"""Two databases for every test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.migrator.anonymize.site import Site

from confiture_migrator.shadow import Shadow


@pytest.fixture
def site(shadow: Shadow, tmp_path: Path) -> Iterator[Site]:
    """An empty source and an empty target."""
    with Site.made(shadow, tmp_path) as made:
        yield made
