"""`graph`, `order` and `impact` on the command line."""

import json
from pathlib import Path

import pytest

from confiture_linter.cli.main import guarded

FORWARD = {
    "10_v.sql": "CREATE VIEW v AS SELECT id FROM t;",
    "20_t.sql": "CREATE TABLE t (id int PRIMARY KEY);",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "db").mkdir()
    for name, text in FORWARD.items():
        (tmp_path / "db" / name).write_text(text)
    return tmp_path


def test_graph_prints_the_document(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["graph", "db", "--no-cache"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [node["id"] for node in document["nodes"] if node["owner"] is None] == [
        "table:public.t",
        "view:public.v",
    ]


@pytest.mark.parametrize("form", ["dot", "mermaid", "html"])
def test_graph_writes_files(tree: Path, form: str) -> None:
    arguments = ["graph", "db", "--no-cache", "--format", form, "--object", "t", "--output", f"g.{form}"]
    assert guarded(arguments) == 0
    assert (tree / f"g.{form}").stat().st_size > 60


def test_order_verifies_what_is_declared(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["order", "db", "--no-cache", "--order", "path"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "db/10_v.sql\ndb/20_t.sql\n"
    assert "db/10_v.sql:1: needs table public.t, created later at db/20_t.sql:1" in captured.err
    assert "after 1 move" in captured.err


def test_order_computes(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["order", "db", "--no-cache", "--order", "computed"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "db/20_t.sql\ndb/10_v.sql\n"
    assert captured.err == ""
    assert guarded(["order", "db", "--no-cache", "--order", "computed", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["works"] is True


def test_impact_prints_dependents(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["impact", "t", "db", "--no-cache"]) == 0
    assert "public.v  reads  db/10_v.sql:1" in capsys.readouterr().out
    assert guarded(["impact", "t.id", "db", "--no-cache", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["object"] == "column:public.t.id"


def test_unknown_objects_exit_with_2(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["impact", "public.tt", "db", "--no-cache"]) == 2
    assert "did you mean public.t?" in capsys.readouterr().err
    assert guarded(["graph", "db", "--object", "nope_nope", "--no-cache"]) == 2
