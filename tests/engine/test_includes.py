"""A psql driver file runs what it includes: the computed order puts those files first."""

from pathlib import Path

import pytest

from confiture_linter.config import default_config
from confiture_linter.engine.workspace import open_workspace


def test_included_files_come_before_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "all.sql").write_text("\\ir sub/b.sql\n\\i sub/a.sql\nSELECT 1;\n")
    (tmp_path / "sub/a.sql").write_text("CREATE TABLE a (id int PRIMARY KEY);")
    (tmp_path / "sub/b.sql").write_text("CREATE TABLE b (id int PRIMARY KEY);")
    monkeypatch.chdir(tmp_path)
    workspace = open_workspace(default_config("."), ["."])
    assert [source.path for source in workspace.sources] == ["sub/a.sql", "sub/b.sql", "all.sql"]


def test_an_include_gives_way_to_a_real_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "all.sql").write_text("CREATE SCHEMA app;\n\\ir one.sql\n")
    (tmp_path / "one.sql").write_text("CREATE TABLE app.one (id int PRIMARY KEY);")
    monkeypatch.chdir(tmp_path)
    workspace = open_workspace(default_config("."), ["."])
    assert [source.path for source in workspace.sources] == ["all.sql", "one.sql"]
