"""Which files make up a schema, whatever the file system and the tool that wrote them."""

import os
import subprocess
from pathlib import Path

import pytest

from confiture_linter.config import Config, SchemaConfig
from confiture_linter.model import SourceError
from confiture_linter.sources import Discovered, discover


def plant(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("select 1;\n")


def found(
    folder: Path, roots: tuple[str, ...] = (".",), exclude: tuple[str, ...] = ()
) -> tuple[Discovered, ...]:
    return discover(Config(root=str(folder), schema=SchemaConfig(roots=roots, exclude=exclude)), ())


def paths(folder: Path, *roots: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in found(folder, roots or (".",), exclude)]


def roles(folder: Path, *roots: str) -> dict[str, str]:
    return {file.path: file.role for file in found(folder, roots or (".",)) if file.role != "deploy"}


def test_order_is_by_folder_and_bytes(tmp_path: Path) -> None:
    plant(
        tmp_path, "b.sql", "a/z.sql", "a.b/x.sql", "a-b/y.sql", "B.sql", "a.sql", "10.sql", "9.sql", "é.sql"
    )
    assert paths(tmp_path) == [
        "10.sql", "9.sql", "B.sql", "a/z.sql", "a-b/y.sql", "a.b/x.sql", "a.sql", "b.sql", "é.sql",
    ]  # fmt: skip


def test_what_is_skipped(tmp_path: Path) -> None:
    plant(
        tmp_path, "a.sql", "B.SQL", "a.txt", "a.sql.bak", ".git/x.sql", ".venv/x.sql", "node_modules/x.sql",
        ".hidden/x.sql", ".x.sql", "sub.sql/y.sql",
    )  # fmt: skip
    assert paths(tmp_path) == ["B.SQL", "a.sql", "sub.sql/y.sql"]


def test_roots_come_in_their_order_and_files_once(tmp_path: Path) -> None:
    plant(tmp_path, "b/x.sql", "a/y.sql", "a/sub/z.sql")
    assert paths(tmp_path, "b", "a/sub", "a") == ["b/x.sql", "a/sub/z.sql", "a/y.sql"]
    assert paths(tmp_path, "b", "b/x.sql", str(tmp_path / "b"), "./b/") == ["b/x.sql"]


def test_exclude(tmp_path: Path) -> None:
    plant(tmp_path, "a/revert/x.sql", "a/x.sql", "legacy/deep/y.sql", "t_test.sql")
    assert paths(tmp_path, exclude=("**/revert/**", "legacy", "*_test.sql")) == ["a/x.sql"]


def test_roots_may_be_files_and_globs(tmp_path: Path) -> None:
    plant(tmp_path, "db/a.ddl", "db/b.sql", "db/deep/c.ddl", "db/d.txt", "e.psql")
    assert paths(tmp_path, "e.psql", "db/**/*.ddl") == ["e.psql", "db/a.ddl", "db/deep/c.ddl"]
    assert paths(tmp_path, "db/*.sql") == ["db/b.sql"]
    assert paths(tmp_path, "*/b.sql") == ["db/b.sql"]


def test_paths_stand_in_for_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "db/a.sql", "db/b.sql", "c.sql")
    monkeypatch.chdir(tmp_path)
    assert [file.path for file in discover(Config(), ("db", "c.sql"))] == ["c.sql", "db/a.sql", "db/b.sql"]
    assert [file.path for file in discover(Config(), ())] == ["c.sql", "db/a.sql", "db/b.sql"]
    monkeypatch.chdir(tmp_path / "db")
    assert [(file.path, file.disk) for file in discover(Config(root=".."), ("a.sql",))] == [
        ("db/a.sql", "a.sql")
    ]


def test_missing_root(tmp_path: Path) -> None:
    plant(tmp_path, "schema/a.sql")
    with pytest.raises(SourceError, match=r"shema: no such file or folder \(did you mean schema\?\)"):
        found(tmp_path, ("shema",))
    with pytest.raises(SourceError, match="no such file or folder"):
        found(tmp_path, ("x/y",))


def test_loops_and_links_are_followed_once(tmp_path: Path) -> None:
    plant(tmp_path, "z/x.sql", "other/y.sql")
    plant(tmp_path.parent / f"{tmp_path.name}_outside", "o.sql")
    (tmp_path / "z" / "loop").symlink_to(tmp_path)
    (tmp_path / "a").symlink_to(tmp_path / "z")
    (tmp_path / "b.sql").symlink_to(tmp_path / "z" / "x.sql")
    (tmp_path / "c").symlink_to(tmp_path.parent / f"{tmp_path.name}_outside")
    (tmp_path / "d.sql").symlink_to(tmp_path / "missing.sql")
    assert paths(tmp_path) == ["c/o.sql", "d.sql", "other/y.sql", "z/x.sql"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list any folder")
def test_a_folder_that_cannot_be_listed_is_not_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, "a.sql", "closed/b.sql")
    (tmp_path / "closed").chmod(0)
    try:
        assert paths(tmp_path) == ["a.sql", "closed"]
    finally:
        (tmp_path / "closed").chmod(0o755)


# .gitignore


def ignore(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text(text)


def test_gitignore_from_the_repository_down(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    plant(
        tmp_path, "db/schema/a.sql", "db/schema/tmp/b.sql", "db/schema/c_local.sql", "db/schema/keep_local.sql",
        "db/schema/gen/d.sql", "db/schema/gen/e.sql", "db/schema/deep/out/f.sql", "db/schema/deep/g.sql",
        "db/schema/build1/h.sql",
    )  # fmt: skip
    ignore(
        tmp_path,
        "# c\n\n*.log\n*_local.sql\n!keep_local.sql\n/db/schema/gen/*\n!/db/schema/gen/e.sql\nbuil?1/\n",
    )
    ignore(tmp_path / "db", "tmp/\n")
    ignore(tmp_path / "db/schema/deep", "out/**\n")
    assert paths(tmp_path, "db/schema") == [
        "db/schema/a.sql", "db/schema/deep/g.sql", "db/schema/gen/e.sql", "db/schema/keep_local.sql",
    ]  # fmt: skip


def test_a_root_that_is_ignored_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    ignore(tmp_path, "build/\n")
    plant(tmp_path, "build/sql/a.sql", "b.sql")
    assert paths(tmp_path, "build/sql") == ["build/sql/a.sql"]
    assert paths(tmp_path) == ["b.sql"]


def test_tracked_files_are_not_ignored(tmp_path: Path) -> None:
    plant(tmp_path, "db/a.sql", "db/dump.sql", "gen/b.sql", "out/c.sql")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "db/a.sql", "gen"], cwd=tmp_path, check=True)
    ignore(tmp_path, "*.sql\ngen/\nout/\n")
    assert paths(tmp_path) == ["db/a.sql", "gen/b.sql"]


def test_without_a_repository_gitignore_holds_below_the_root(tmp_path: Path) -> None:
    ignore(tmp_path, "*.sql\n")
    ignore(tmp_path / "db", "x.sql\n")
    plant(tmp_path, "db/x.sql", "db/y.sql")
    assert paths(tmp_path, "db") == ["db/y.sql"]


def test_a_folder_that_a_later_pattern_takes_back(tmp_path: Path) -> None:
    ignore(tmp_path, "*\n!*.sql\n!/deploy/\n")
    ignore(tmp_path / "deploy", "*\n!*.sql\n!/**/\n")
    plant(tmp_path, "a.sql", "deploy/b.sql", "deploy/deep/c.sql", "other/d.sql")
    assert paths(tmp_path) == ["a.sql", "deploy/b.sql", "deploy/deep/c.sql"]


# Roles


def test_sqitch(tmp_path: Path) -> None:
    plant(
        tmp_path, "s/deploy/f.sql", "s/deploy/f@1.0.sql", "s/deploy/verify/g.sql", "s/revert/f.sql", "s/verify/f.sql",
        "verify/deploy/h.sql", "s/deploy/old@2.sql",
    )  # fmt: skip
    assert roles(tmp_path) == {
        "s/deploy/f@1.0.sql": "superseded", "s/revert/f.sql": "revert", "s/verify/f.sql": "verify",
    }  # fmt: skip
    assert roles(tmp_path, "s") == roles(tmp_path)


def test_up_and_down(tmp_path: Path) -> None:
    plant(
        tmp_path, "1/up.sql", "1/down.sql", "2_x.up.sql", "2_x.down.sql", "3_x_up.sql", "3_x_down.sql", "V1__a.sql",
        "U1__a.sql", "count_down.sql", "x.undo.sql", "y.revert.sql", "z.sql", "z_rollback.sql", "rollback/w.sql",
    )  # fmt: skip
    assert sorted(roles(tmp_path)) == [
        "1/down.sql", "2_x.down.sql", "3_x_down.sql", "U1__a.sql", "rollback/w.sql", "x.undo.sql", "y.revert.sql",
        "z_rollback.sql",
    ]  # fmt: skip


def test_other_databases(tmp_path: Path) -> None:
    plant(
        tmp_path, "a.sql", "a.mysql.sql", "b.up.sql", "b.postgres.up.sql", "b.sqlite.up.sql", "d/mysql/x.sql",
        "d/postgres/x.sql", "e/mysql/x.sql", "schema_mysql.sql", "schema_postgres.sql", "only_oracle.sql",
    )  # fmt: skip
    assert roles(tmp_path) == {
        "a.mysql.sql": "other-dialect", "b.up.sql": "superseded", "b.sqlite.up.sql": "other-dialect",
        "d/mysql/x.sql": "other-dialect", "schema_mysql.sql": "other-dialect",
    }  # fmt: skip


def test_extension_scripts(tmp_path: Path) -> None:
    plant(tmp_path, "e--1.2.sql", "e--1.10.sql", "e--1.2--1.10.sql", "f--1.0--1.1.sql", "g--1.sql")
    assert roles(tmp_path) == dict.fromkeys(
        ("e--1.2--1.10.sql", "e--1.2.sql", "f--1.0--1.1.sql"), "superseded"
    )
    plant(tmp_path, "only/h--1.0--1.1.sql")
    assert roles(tmp_path, "only") == {}


def test_extension_scripts_made_of_other_files(tmp_path: Path) -> None:
    plant(tmp_path, "p/deploy/a.sql", "p/sql/p--1.0.sql", "q/q.sql", "q/q--1.0.sql", "r.sql", "r--1.sql")
    assert sorted(roles(tmp_path)) == ["p/sql/p--1.0.sql", "q/q--1.0.sql", "r--1.sql"]


def test_a_file_that_is_asked_for_alone_is_analysed(tmp_path: Path) -> None:
    plant(tmp_path, "1/up.sql", "1/down.sql")
    assert roles(tmp_path, "1/down.sql") == {}
