"""`python -m tests.generate.new_rule` gives a file that fails its tests until it is filled in, and then passes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.blocks import ROOT

NAME = "table-is-called-fill-in"

FILLED = {
    "CREATE TABLE fill_in (id bigint PRIMARY KEY);": "CREATE TABLE filled (id bigint PRIMARY KEY);",
    "FILL IN: the text of `bad` at which the finding starts": "CREATE TABLE fill_in",
    "FILL IN: what is wrong, in at most 80 characters, a full stop at the end": "A table is called so.",
    "FILL IN: why it matters, in one or two sentences.": "Nobody knows what is in it.",
    "FILL IN: what looks alike and is not reported.": "never.",
    "FILL IN: what to write.": "give it a name.",
    'table.name == "FILL IN"': 'table.name == "fill_in"',
    'f"table {table.name} FILL IN"': 'f"table {table.name} is called so"',
    "FILL IN: what to do, on this very table": "give it a name",
}
"""What a person would write into the template; the table of `bad` keeps its name."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the generator and the tests of rules need."""
    for name in ("linter", "rules", "migrator", "tests/generate"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for family in (tmp_path / "rules/confiture_rules").iterdir():
        if family.is_dir() and family.name not in ("keys", "naming"):  # fewer tests to collect
            shutil.rmtree(family)
    (tmp_path / "tests/rules").mkdir()
    shutil.copy(ROOT / "tests/rules/test_examples.py", tmp_path / "tests/rules")
    shutil.copy(ROOT / "tests/__init__.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    env["PYTHONPATH"] = os.pathsep.join(str(copy / name) for name in ("linter", "rules", "migrator"))
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=copy, env=env, capture_output=True, text=True, check=False
    )


def generated_tests(copy: Path) -> subprocess.CompletedProcess[str]:
    return run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/rules/test_examples.py", "-k", NAME)


def test_a_filled_in_rule_passes_and_an_empty_one_does_not(copy: Path) -> None:
    made = run(copy, "tests.generate.new_rule", "naming", NAME)
    assert made.returncode == 0, made.stderr
    path = copy / "rules/confiture_rules/naming/table_is_called_fill_in.py"
    assert str(path.relative_to(copy)) in made.stdout

    empty = generated_tests(copy)
    assert "2 failed, 2 passed" in empty.stdout, empty.stdout
    assert "the bad example is not reported" in empty.stdout

    before, good, after = path.read_text().partition("    good=")
    for old, new in FILLED.items():
        assert old in before + good + after, old
        if not old.startswith("CREATE"):
            before = before.replace(old, new)
        after = after.replace(old, new)
    path.write_text(before + good + after)
    assert "FILL IN" not in path.read_text()

    filled = generated_tests(copy)
    assert "4 passed" in filled.stdout, filled.stdout


@pytest.mark.parametrize(
    ("family", "name", "problem"),
    [
        ("nowhere", "a-rule", "there is no family nowhere; there are "),
        ("naming", "A_Rule", "'A_Rule' is not kebab-case"),
        ("naming", "missing-primary-key", "there is a rule missing-primary-key already"),
    ],
)
def test_what_the_generator_refuses(copy: Path, family: str, name: str, problem: str) -> None:
    refused = run(copy, "tests.generate.new_rule", family, name)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"error: {problem}")
