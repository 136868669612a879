"""Build orders that somebody wrote down."""

from pathlib import Path

import pytest

from confiture_linter.config import Config, MigrationsConfig, SchemaConfig
from confiture_linter.model import Problem
from confiture_linter.sources import OrderedFiles, order_files, order_migrations


def write(folder: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return [path for path in files if path.endswith(".sql")]


def ordered(
    folder: Path | str,
    order: str,
    files: list[str],
    *,
    load_order: tuple[str, ...] = (),
    roots: tuple[str, ...] = (),
) -> OrderedFiles:
    schema = SchemaConfig(order=order, load_order=load_order, roots=roots, placeholders=((":dir", "sub"),))
    return order_files(Config(root=str(folder), schema=schema), files)


def migrations(order: str, files: list[str]) -> list[str]:
    return list(order_migrations(Config(migrations=MigrationsConfig(order=order)), files).files)


def test_path_and_natural() -> None:
    files = ["b/1.sql", "a10.sql", "a9.sql", "b.sql", "b/x/2.sql"]
    assert ordered(".", "path", files).files == ("a10.sql", "a9.sql", "b/1.sql", "b/x/2.sql", "b.sql")
    assert ordered(".", "natural", files).files == ("a9.sql", "a10.sql", "b/1.sql", "b/x/2.sql", "b.sql")
    assert ordered(".", "path", files).declared
    assert ordered(".", "path", ["a/1.sql", "b/2.sql"], roots=("b", "./a")).files == ("b/2.sql", "a/1.sql")


def test_computed_is_not_declared() -> None:
    assert ordered(".", "computed", ["b.sql", "a.sql"]) == OrderedFiles(False, ("a.sql", "b.sql"))


def test_globs_first_match_wins() -> None:
    files = [
        "functions/f.sql",
        "schemas/s.sql",
        "tables/b.sql",
        "tables/a.sql",
        "other.sql",
        "tables/a_fk.sql",
    ]
    assert ordered(".", "globs", files, load_order=("schemas/**", "**/*_none.sql", "tables/?.sql", "tables")).files == (
        "schemas/s.sql", "tables/a.sql", "tables/b.sql", "tables/a_fk.sql", "functions/f.sql", "other.sql",
    )  # fmt: skip


def test_list(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        {
            "sql/LOADORDER": "# c\n\nb.sql\n!sub/a.sql # may fail\n- 'c.sql'\nb.sql\nnone.sql\nmods/LIST\ndeep\ng*.sql\n",
            "sql/b.sql": "", "sql/sub/a.sql": "", "sql/c.sql": "", "sql/mods/LIST": "m.sql\n", "sql/mods/m.sql": "",
            "sql/deep/2.sql": "", "sql/deep/1.sql": "", "sql/g1.sql": "", "z.sql": "",
        },
    )  # fmt: skip
    answer = ordered(tmp_path, "list:sql/LOADORDER", files)
    assert answer.files == (
        "sql/b.sql", "sql/sub/a.sql", "sql/c.sql", "sql/mods/m.sql", "sql/deep/1.sql", "sql/deep/2.sql", "sql/g1.sql",
        "z.sql",
    )  # fmt: skip
    assert answer.unlisted == ("z.sql",)
    assert answer.problems == (Problem("sql/LOADORDER", 7, 1, "no such file: none.sql"),)


def test_list_that_is_missing_or_includes_itself(tmp_path: Path) -> None:
    answer = ordered(tmp_path, "list:LIST", ["a.sql"])
    assert answer.files == ("a.sql",)
    assert [problem.path for problem in answer.problems] == ["LIST"]
    files = write(tmp_path, {"LIST": "LIST\na.sql\n", "a.sql": ""})
    assert ordered(tmp_path, "list:LIST", files).files == ("a.sql",)


PLAN = """\
%syntax-version=1.0.0
%project=x

schemas/app 2021-10-21T16:10:32Z A <a@b> # the schema
f [schemas/app] 2021-10-21T16:10:32Z A <a@b>
+ t [f !old] 2021-10-21T16:10:32Z A <a@b>
@v1 2021-10-21T16:10:32Z A <a@b>
f [f@v1 t] 2021-10-21T16:10:32Z A <a@b> # rework
missing 2021-10-21T16:10:32Z A <a@b>
@v2 2021-10-21T16:10:32Z A <a@b>
"""


def test_sqitch(tmp_path: Path) -> None:
    scripts = ("schemas/app", "f@v1", "t", "f", "unplanned")
    files = write(tmp_path, {"db/sqitch.plan": PLAN} | {f"db/deploy/{name}.sql": "" for name in scripts})
    answer = ordered(tmp_path, "sqitch:db/sqitch.plan", sorted(files))
    assert answer.files == tuple(f"db/deploy/{name}.sql" for name in scripts)
    assert answer.unlisted == ("db/deploy/unplanned.sql",)
    assert answer.problems == (Problem("db/sqitch.plan", 9, 1, "no such file: db/deploy/missing.sql"),)


def test_sqitch_names_an_older_version_by_any_tag_before_the_next(tmp_path: Path) -> None:
    plan = "f\n@a\nx\n@b\nf\n@c\nf\n@d\n"
    scripts = ("f@b", "x", "f@c", "f")
    files = write(
        tmp_path, {"sqitch.plan": plan, "deploy/f@d.sql": ""} | {f"deploy/{name}.sql": "" for name in scripts}
    )
    answer = ordered(tmp_path, "sqitch:sqitch.plan", files)
    assert answer.files[:4] == tuple(f"deploy/{name}.sql" for name in scripts)
    assert answer.unlisted == ("deploy/f@d.sql",)


def test_sqitch_without_the_older_versions(tmp_path: Path) -> None:
    scripts = ("schemas/app", "f@v1", "t", "f", "missing")
    files = write(tmp_path, {"sqitch.plan": PLAN} | {f"deploy/{name}.sql": "" for name in scripts})
    answer = ordered(tmp_path, "sqitch:sqitch.plan", [path for path in files if "@" not in path])
    assert answer.files == ("deploy/schemas/app.sql", "deploy/t.sql", "deploy/f.sql", "deploy/missing.sql")
    assert answer.problems == ()


@pytest.mark.parametrize(
    "conf", ["[core]\n\ttop_dir = sql", '[core]\n deploy_dir = "sql/deploy" # x', "[deploy]\ndir=sql/deploy"]
)
def test_sqitch_conf(tmp_path: Path, conf: str) -> None:
    files = write(tmp_path, {"sqitch.plan": "a\n", "sqitch.conf": conf, "sql/deploy/a.sql": ""})
    assert ordered(tmp_path, "sqitch:sqitch.plan", files).unlisted == ()


def test_psql_driver(tmp_path: Path) -> None:
    files = write(
        tmp_path,
        {
            "db/all.sql": "-- all\n\\i schema.sql\n\\ir sub/more.sql\n\\i :dir/x.sql\n\\i none.sql\n\\i :who.sql\n",
            "db/schema.sql": "create schema a;", "db/sub/more.sql": "select 1;\n\\ir x.sql\n\\i sub/y.sql\n\\i db/z.sql\n",
            "db/sub/x.sql": "", "db/sub/y.sql": "\\ir more.sql", "db/z.sql": "\\cd sub\n\\i w.sql", "db/sub/w.sql": "",
            "a.sql": "",
        },
    )  # fmt: skip
    answer = ordered(tmp_path, "psql:db/all.sql", files)
    assert answer.files == (
        "db/schema.sql", "db/sub/more.sql", "db/sub/x.sql", "db/sub/y.sql", "db/sub/w.sql", "db/z.sql", "db/all.sql",
        "a.sql",
    )  # fmt: skip
    assert answer.unlisted == ("a.sql",)
    assert [(problem.line, problem.message) for problem in answer.problems] == [
        (5, "no such file: none.sql"), (6, "no such file: :who.sql"),
    ]  # fmt: skip
    assert answer.problems[1].hint


def test_psql_driver_that_is_missing(tmp_path: Path) -> None:
    assert ordered(tmp_path, "psql:x.sql", ["a.sql"]).problems


def test_versions_of_migration_tools() -> None:
    assert migrations("diesel", ["2020-02-01-1_b/up.sql", "20200101_z/up.sql", "2020-01-02_a/up.sql"]) == [
        "20200101_z/up.sql", "2020-01-02_a/up.sql", "2020-02-01-1_b/up.sql",
    ]  # fmt: skip
    assert migrations("flyway", ["a/V10__x.sql", "b/V9.1__y.sql", "a/R__b.sql", "V9__z.sql", "R__a.sql", "V9_0_2__w.sql"]) == [
        "V9__z.sql", "V9_0_2__w.sql", "b/V9.1__y.sql", "a/V10__x.sql", "R__a.sql", "a/R__b.sql",
    ]  # fmt: skip
    assert migrations("prisma", ["b/2_x/migration.sql", "a/3_y/migration.sql", "a/1/migration.sql"]) == [
        "a/1/migration.sql", "b/2_x/migration.sql", "a/3_y/migration.sql",
    ]  # fmt: skip
    assert migrations("natural", ["10.sql", "9.sql"]) == ["9.sql", "10.sql"]
