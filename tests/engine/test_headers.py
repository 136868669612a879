"""What changes say at their head about their order, and what a plan beside them says."""

from pathlib import Path

from confiture_linter.config import default_config
from confiture_linter.engine.memory import open_texts
from confiture_linter.engine.workspace import open_workspace

COMPUTED = "schema:\n  order: computed\n"


def order(files: dict[str, str]) -> list[str]:
    return [source.path for source in open_texts(files, COMPUTED).sources]


def test_requires_is_followed_where_no_mention_says_it() -> None:
    files = {
        "a.sql": "-- Deploy proj:a to pg\n-- requires: z\nSELECT 1;",
        "z.sql": "-- Deploy proj:z to pg\nSELECT 2;",
    }
    assert order(files) == ["z.sql", "a.sql"]


def test_older_versions_of_a_change_come_first_whatever_the_requirement() -> None:
    head = "-- Deploy proj:f to pg\n"
    files = {
        "deploy/f.sql": head + "-- requires: f@v1.10.0\nSELECT 1;",
        "deploy/f@v1.10.0.sql": head + "SELECT 2;",
        "deploy/f@v1.9.0.sql": head + "SELECT 3;",
        "deploy/f@v1.9.0-rc.1.sql": head + "SELECT 4;",
    }
    assert order(files) == [
        "deploy/f@v1.9.0-rc.1.sql",
        "deploy/f@v1.9.0.sql",
        "deploy/f@v1.10.0.sql",
        "deploy/f.sql",
    ]


def test_a_requirement_yields_to_a_mention() -> None:
    files = {
        "a.sql": "-- Deploy proj:a to pg\n-- requires: b\nCREATE TABLE a (id int);",
        "b.sql": "-- Deploy proj:b to pg\nCREATE VIEW b AS SELECT id FROM a;",
    }
    assert order(files) == ["a.sql", "b.sql"]


def test_the_plan_beside_a_computed_tree_decides_what_is_free(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "sqitch.plan").write_text(
        "%project=p\n\nz 2024-01-01T00:00:00Z a <a@b>\na 2024-01-01T00:00:00Z a <a@b>\n"
    )
    for name in "amz":
        (tmp_path / f"deploy/{name}.sql").write_text(f"CREATE TABLE {name} (id int);")
    opened = open_workspace(default_config(str(tmp_path)), [str(tmp_path)], order="computed")
    assert [source.path for source in opened.sources] == ["deploy/z.sql", "deploy/a.sql", "deploy/m.sql"]


def test_numbered_amendments_of_a_change_follow_it_whatever_their_files_are_called() -> None:
    files = {
        "a.sql": "-- Deploy proj:t_010_drop to pg\nSELECT 1;",
        "b.sql": "-- Deploy proj:t_002 to pg\nSELECT 2;",
        "c.sql": "-- Deploy proj:t_001_add_a to pg\nSELECT 3;",
        "d.sql": "-- Deploy proj:t to pg\nSELECT 4;",
    }
    assert order(files) == ["d.sql", "c.sql", "b.sql", "a.sql"]


def test_versions_of_a_file_follow_one_another_whatever_their_heads_say() -> None:
    files = {"f.sql": "-- Deploy proj:g to pg\nSELECT 1;", "f@v1.sql": "SELECT 2;"}
    assert order(files) == ["f@v1.sql", "f.sql"]


def test_who_is_required_is_not_made_by_a_later_version() -> None:
    """Three files make the function; the heads say which of them the DROP means, and which comes after it."""
    make = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    files = {
        "a.sql": f"-- Deploy proj:f_002_make to pg\n-- requires: f_001_drop\n{make}",
        "b.sql": "-- Deploy proj:f_001_drop to pg\n-- requires: f\nDROP FUNCTION f();",
        "c.sql": f"-- Deploy proj:f to pg\n{make}",
    }
    assert order(files) == ["c.sql", "b.sql", "a.sql"]
