"""Our own example and the trees of the benchmark are schemas that PostgreSQL builds, not only text that we parse."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.pg_fixture import major

from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/printoptim/db"


def build(connection: "psycopg.Connection[tuple[object, ...]]", files: list[Path], root: Path) -> list[str]:
    """Run the files in this order; what PostgreSQL refuses is returned, a line each."""
    failures = []
    for path in files:
        try:
            connection.execute(path.read_bytes())
        except psycopg.Error as error:
            failures.append(f"{path.relative_to(root)}: {error}")
    return failures


def in_path_order(root: Path) -> list[Path]:
    return sorted(root.rglob("*.sql"), key=lambda path: path.relative_to(root).as_posix())


def test_example_builds_and_its_migrations_apply(shadow: Shadow) -> None:
    if major(shadow) < 15:
        pytest.skip("these trees are for PostgreSQL 15 and later")
    schema = in_path_order(EXAMPLE / "0_schema")
    migrations = sorted((EXAMPLE / "migrations").glob("*.up.sql"))
    assert len(schema) > 50
    assert migrations
    name = shadow.create_database("printoptim")
    with shadow.connect(name) as connection:
        assert build(connection, schema, EXAMPLE) == []
        assert build(connection, migrations, EXAMPLE) == []
    shadow.drop_database(name)


def test_tree_of_the_benchmark_builds(shadow: Shadow, tmp_path: Path) -> None:
    if major(shadow) < 15:
        pytest.skip("these trees are for PostgreSQL 15 and later")
    subprocess.run([sys.executable, ROOT / "benchmarks/make_tree.py", "120", tmp_path], check=True)
    files = in_path_order(tmp_path)
    assert len(files) == 120
    name = shadow.create_database("made_tree")
    with shadow.connect(name) as connection:
        assert build(connection, files, tmp_path) == []
    shadow.drop_database(name)
