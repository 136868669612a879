"""The catalog and the graph are what PostgreSQL's own catalogs say, on trees and on small schemas full of traps."""

import subprocess
import sys
from pathlib import Path

import pytest

from confiture_migrator.shadow import Shadow
from tests.oracle.proof import Tree, prove
from tests.oracle.report import difference_line

pytestmark = pytest.mark.pg
ROOT = Path(__file__).parents[2]
SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))

KNOWN: dict[str, str] = {}
"""Difference, as the report names it → why it stays."""


def differences(tree: Tree, shadow: Shadow) -> list[str]:
    proof = prove(tree, shadow)
    assert [item.refusal for item in proof.refused] == []
    lines = [
        f"{difference.kind}: {difference_line(difference)}" for difference in proof.comparison.differences
    ]
    return [line for line in lines if line not in KNOWN]


def test_example(shadow: Shadow) -> None:
    assert differences(Tree(ROOT / "examples/printoptim/db/0_schema", "path"), shadow) == []


def test_benchmark_tree(shadow: Shadow, tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "benchmarks/make_tree.py", "60", tmp_path], check=True)
    assert differences(Tree(tmp_path, "path"), shadow) == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_small_schema(schema: Path, shadow: Shadow) -> None:
    assert differences(Tree(schema), shadow) == []
