"""In the computed order at least as many files run as in the authors' own, whatever the files are called."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from confiture_linter.engine.memory import open_texts
from confiture_linter.engine.workspace import open_workspace
from confiture_migrator.shadow import Shadow
from tests.order_proof.build import Surroundings, build
from tests.order_proof.hard_cases import CASES
from tests.order_proof.histories import HISTORIES
from tests.order_proof.measure import Tree, authors_order, measure

pytestmark = pytest.mark.pg
ROOT = Path(__file__).parents[2]
COMPUTED = "schema:\n  order: computed\n"


def shuffled(files: tuple[str, ...], seed: int) -> dict[str, bytes]:
    """The files under names whose order says nothing."""
    names = [f"{chr(97 + number)}.sql" for number in range(len(files))]
    random.Random(seed).shuffle(names)
    return {name: text.encode() for name, text in zip(names, files, strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_hard_case_builds_under_random_names(shadow: Shadow, case: str) -> None:
    seen = set()
    for seed in range(4):
        texts = shuffled(CASES[case], seed)
        opened = open_texts(texts, COMPUTED)
        order = tuple(source.path for source in opened.sources)
        numbers = tuple(CASES[case].index(texts[path].decode()) for path in order)
        if numbers not in seen:
            seen.add(numbers)
            assert build(shadow, order, texts, Surroundings()).failures == {}, [
                CASES[case][n] for n in numbers
            ]


@pytest.mark.parametrize("history", HISTORIES)
def test_history_builds_under_random_names(shadow: Shadow, history: str) -> None:
    seen = set()
    for seed in range(5):
        texts = shuffled(HISTORIES[history], seed)
        order = tuple(source.path for source in open_texts(texts, COMPUTED).sources)
        numbers = tuple(HISTORIES[history].index(texts[path].decode()) for path in order)
        if numbers not in seen:
            seen.add(numbers)
            assert build(shadow, order, texts, Surroundings()).failures == {}, [
                HISTORIES[history][n] for n in numbers
            ]


def test_a_circle_names_the_edge_to_break_and_builds_without_it(shadow: Shadow) -> None:
    texts = {
        "a.sql": b"CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ADD b int REFERENCES b;",
        "b.sql": b"CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);",
    }
    opened = open_texts(texts, COMPUTED)
    assert opened.computed is not None
    (broken,) = opened.computed.broken
    assert {broken.source, broken.target} == {"a.sql", "b.sql"}
    at = broken.edge.ref.at
    text = texts[broken.source]
    start = text.rindex(b"REFERENCES", 0, at + 1)
    texts[broken.source] = text[:start] + text[at + 1 :]
    order = [source.path for source in opened.sources]
    assert build(shadow, order, texts, Surroundings()).failures == {}


def test_example_with_random_names(shadow: Shadow, tmp_path: Path) -> None:
    tree = Tree(ROOT / "examples/printoptim/db/0_schema")
    authors = authors_order(tree, "path")
    assert len(authors) > 50
    found = measure(shadow, tree, authors, tmp_path)
    assert found.authors.failures == {}
    assert found.computed.failures == {}
    assert found.renamed.failures == {}


def test_tree_of_the_benchmark_with_random_names(shadow: Shadow, tmp_path: Path) -> None:
    made = tmp_path / "made"
    subprocess.run([sys.executable, ROOT / "benchmarks/make_tree.py", "60", made], check=True)
    tree = Tree(made)
    found = measure(shadow, tree, authors_order(tree, "path"), tmp_path / "work", seed=2)
    assert found.authors.failures == {}
    assert found.renamed.failures == {}
    assert found.holds


def test_command_reports_and_fails_where_the_order_is_worse(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("CREATE VIEW v AS SELECT id FROM t;")
    (tmp_path / "2.sql").write_text("CREATE TABLE t (id int);")
    done = subprocess.run(
        [sys.executable, "-m", "tests.order_proof", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split() for line in done.stdout.splitlines()[:4]] == [
        ["2", "files"], ["authors", "1", "run"], ["computed", "2", "run"], ["renamed", "2", "run"]
    ]  # fmt: skip


def test_a_file_that_only_drops_is_part_of_an_order_that_is_asked_for(tmp_path: Path) -> None:
    tables = [f"t{number}" for number in range(30)]
    (tmp_path / "b_tables.sql").write_text("".join(f"CREATE TABLE {name} (id int);\n" for name in tables))
    (tmp_path / "a_remove.sql").write_text("".join(f"DROP TABLE {name};\n" for name in tables))
    (tmp_path / "c_last.sql").write_text("CREATE TABLE kept (id int);\n")
    config = Tree(tmp_path).config()
    assert open_workspace(config, [str(tmp_path)]).set_aside
    asked = open_workspace(config, [str(tmp_path)], order="computed")
    assert asked.set_aside == ()
    order = [source.path for source in asked.sources]
    assert sorted(order) == ["a_remove.sql", "b_tables.sql", "c_last.sql"]
    assert order.index("b_tables.sql") < order.index("a_remove.sql")
