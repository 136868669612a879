"""Dry-runs with rows of a dump, and with the rows that change shown."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.migrator.project import Project

from confiture_migrator.shadow.binaries import find_binaries

pytestmark = pytest.mark.pg
SCHEMA = """\
CREATE TABLE t (id int PRIMARY KEY, "é n" text);
INSERT INTO t SELECT g, CASE WHEN g = 2 THEN NULL ELSE repeat('x', g * 30) END FROM generate_series(1, 9) AS g;
CREATE TABLE untouched (id int);
"""
CHANGE = "UPDATE t SET \"é n\" = 'changed' WHERE id <= 2;\nCREATE TABLE u AS SELECT id FROM t WHERE id > 8;"


@pytest.fixture
def filled(project: Project) -> Project:
    """A target with rows, whose dump is restored, and a migration that changes some."""
    with project.session() as connection:
        connection.execute(SCHEMA)
    project.write({"1_change.sql": CHANGE})
    project.plan()
    return project


def dump(project: Project, *options: str) -> str:
    """What pg_dump writes of the target."""
    target = project.root / "the dump"
    subprocess.run(
        [find_binaries().bindir / "pg_dump", f"--file={target}", *options, project.url],
        check=True,
        capture_output=True,
    )
    return str(target)


@pytest.mark.parametrize("form", ["plain", "custom", "directory", "tar"])
def test_every_format_of_dump_is_restored(filled: Project, form: str) -> None:
    path = dump(filled, f"--format={form}")
    done = filled.good("dry-run", "plan.json", "--restore", path, "--repeat", "2", "--format", "json", "-q")
    document = json.loads(done)
    (migration,) = document["migrations"]
    assert migration["steps"][0]["rows"] == {"public.t": {"inserted": 0, "updated": 2, "deleted": 0}}
    assert migration["estimate"]["basis"] == "2 executions on a restored dump"
    assert migration["estimate"]["seconds"] > 0
    assert "samples" not in migration
    assert document["basis"] == f"the rows of {path}"


def test_what_is_no_dump_is_said(filled: Project, tmp_path: Path) -> None:
    for name, text, said in (
        ("a.sql", "CREATE TABLE t (", "syntax error"),
        ("missing.dump", None, "No such file"),
        ("empty", "", "is a folder, and no dump"),
    ):
        path = tmp_path / name
        if name == "empty":
            path.mkdir()
        elif text is not None:
            path.write_text(text)
        done = filled.run("dry-run", "plan.json", "--restore", str(path))
        assert done.returncode == 2
        assert said in done.stderr
    for other in (("--fill", "10"), ("--on-target",)):
        assert filled.run("dry-run", "plan.json", "--restore", "x", *other).returncode == 2


@pytest.mark.parametrize("where", ["shadow", "target"])
def test_rows_that_change_are_shown_before_and_after(filled: Project, where: str) -> None:
    options = ["--on-target"] if where == "target" else ["--restore", dump(filled)]
    document = json.loads(
        filled.good("dry-run", "plan.json", *options, "--show-sample-rows", "--format", "json", "-q")
    )
    (migration,) = document["migrations"]
    assert migration["steps"][0]["differences"] == []
    assert list(migration["samples"]) == ["public.t", "public.u"]
    changed = migration["samples"]["public.t"]
    assert changed["before"][:2] == [{"id": "1", "é n": "x" * 30}, {"id": "2", "é n": None}]
    assert changed["after"][:2] == [{"id": "1", "é n": "changed"}, {"id": "2", "é n": "changed"}]
    assert len(changed["after"]) == 5
    assert changed["after"][2] == {"id": "3", "é n": "x" * 80 + "…"}
    assert migration["samples"]["public.u"] == {"before": None, "after": [{"id": "9"}]}
    text = filled.good("dry-run", "plan.json", *options, "--show-sample-rows", "-q")
    assert "  public.t before:\n    id  é n\n    1   xxxx" in text
    assert "  public.u before: it was not there\n  public.u after:\n    id\n    9\n" in text
