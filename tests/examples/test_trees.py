"""The example trees say what the README promises: the good one is silent, the broken one says what is planted.

Each planted fault carries a comment above it, `-- expect: rule @ object`. Both directions are checked: every
expectation is reported in its file for its object, and nothing else is reported.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
MAKE_TREE = Path(__file__).parents[2] / "benchmarks" / "make_tree.py"
EXPECTATION = re.compile(rb"\s*-- expect: ([a-z-]+)(?: @ (\S+))?\s*\Z")


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "confiture_linter", "check", "--no-cache", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GITHUB_ACTIONS": ""},
    )


def expected(folder: Path) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for path in sorted(folder.rglob("*.sql")):
        for line in path.read_bytes().splitlines():
            match = EXPECTATION.match(line)
            if match:
                name = path.relative_to(folder).as_posix()
                found[name, match[1].decode(), (match[2] or b"").decode()] += 1
    return found


def test_the_good_tree_is_silent() -> None:
    run = lint(EXAMPLES / "printoptim", "--format", "concise")
    assert (run.returncode, run.stderr) == (0, "")
    assert re.match(r"Nothing found in 13\d files", run.stdout)


def test_the_broken_tree_says_what_was_planted_and_nothing_else() -> None:
    folder = EXAMPLES / "printoptim-broken"
    run = lint(folder, "--format", "json")
    assert run.returncode == 1
    findings = json.loads(run.stdout)["findings"]
    wanted = expected(folder)
    assert len(wanted) > 100
    missed = []
    left = Counter((f["file"], f["rule"], f["object"]) for f in findings)
    for (file, rule, name), times in wanted.items():
        for _ in range(times):
            key = (file, rule, name)
            if not name:
                key = next((k for k in left if k[:2] == (file, rule) and left[k]), key)
            if not left[key]:
                missed.append(key)
            left[key] -= 1
    assert missed == []
    assert [key for key, times in left.items() if times > 0] == []


@pytest.mark.parametrize("count", [30, 200])
def test_a_generated_tree_is_silent(tmp_path: Path, count: int) -> None:
    subprocess.run([sys.executable, str(MAKE_TREE), str(count), str(tmp_path)], check=True, capture_output=True)
    run = lint(tmp_path, "--format", "concise")
    assert run.stdout.splitlines()[:-1] == []
    assert run.returncode == 0


def test_two_runs_print_the_same_bytes() -> None:
    folder = EXAMPLES / "printoptim-broken"
    assert lint(folder, "--format", "json").stdout == lint(folder, "--format", "json").stdout
    alone = subprocess.run(
        [sys.executable, "-m", "confiture_linter", "check", "--no-cache", "--format", "json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CONFITURE_SINGLE_PROCESS": "1"},
    )
    assert alone.stdout == lint(folder, "--format", "json").stdout
