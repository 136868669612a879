"""A dry-run on a restored dump, and the rows it shows as they were before and are after."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.migrator.project import Project

from confiture_migrator.shadow import client_program

pytestmark = pytest.mark.pg
DUMPED = """\
CREATE ROLE app_reader;
CREATE TABLE item (id int PRIMARY KEY, "né" text, n int);
INSERT INTO item SELECT g, E'a\\\\b\\t' || g, g FROM generate_series(1, 2000) AS g;
CREATE TABLE empty (id int);
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'COPY x FROM stdin;' $$;
GRANT SELECT ON item TO app_reader;
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON item TO app_reader USING (true);
"""
FORMATS = ("plain", "custom", "tar", "directory", "gzip")


@pytest.fixture
def production(project: Project) -> Project:
    """A project whose first migration is applied, and the second is planned."""
    with project.session() as connection:
        connection.execute("DROP ROLE IF EXISTS app_reader")
        connection.execute(DUMPED.encode())
    project.write({"1_a.sql": "ALTER TABLE item ADD COLUMN z int"})
    project.plan()
    assert project.apply().returncode == 0
    project.write(
        {
            "2_b.sql": "UPDATE item SET n = -n WHERE id > 1990; CREATE TABLE made AS SELECT 1 AS one; DROP TABLE empty"
        }
    )
    project.plan()
    return project


def dumped(project: Project, form: str, *options: str) -> Path:
    program = client_program("pg_dump")
    assert program is not None
    target = project.root / f"dump.{form}"
    parts = conninfo_to_dict(project.url)
    environment = {"PGHOST": str(parts["host"]), "PGPORT": str(parts["port"]), "PGUSER": "postgres"}
    wanted = "plain" if form == "gzip" else form
    command = [program, f"--format={wanted}", f"--file={target}", *options, str(parts["dbname"])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    if form == "gzip":
        target.write_bytes(gzip.compress(target.read_bytes()))
    return target


def forgotten(project: Project) -> None:
    """As on another machine: the shadow has none of the dump's roles."""
    with project.session() as connection:
        connection.execute("DROP OWNED BY app_reader")
        connection.execute("DROP ROLE app_reader")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_pg_dump(production: Project, form: str) -> None:
    dump = dumped(production, form)
    forgotten(production)
    production.environment["SHADOW"] = production.shadow.dsn("postgres")
    arguments = (
        "dry-run",
        "plan.json",
        "--shadow-url",
        "env:SHADOW",
        "--restore",
        str(dump),
        "--format",
        "json",
    )
    done = production.run(*arguments, "--show-sample-rows")
    assert done.returncode == 0, done.stderr + done.stdout
    document = json.loads(done.stdout)
    assert document["basis"] == f"the rows of {dump}"
    assert document["notes"] == [f"restored from {dump}", "made roles that the dump names: app_reader"]
    (report,) = document["migrations"]
    assert report["steps"][0]["rows"] == {"public.item": {"inserted": 0, "updated": 10, "deleted": 0}}
    assert report["estimate"]["seconds"] is not None
    samples = report["samples"]
    assert list(samples) == ["public.empty", "public.item", "public.made"]
    assert samples["public.item"]["before"][0] == {"id": 1, "né": "a\\b\t1", "n": 1, "z": None}
    assert [row["n"] for row in samples["public.item"]["after"]] == [1, 2, 3, -1991, -1992, -1993]
    assert samples["public.made"] == {"before": None, "after": [{"one": 1}]}
    assert samples["public.empty"] == {"before": [], "after": None}


def test_samples_as_text_and_on_the_target(production: Project) -> None:
    shown = production.good("dry-run", "plan.json", "--on-target", "--show-sample-rows")
    assert '  rows of public.item\n    before  id 1, né "a\\\\b\\t1", n 1, z null\n' in shown
    assert "    after   id 1," in shown
    assert "n -1991" in shown
    assert "    before  (not there, or not foreseen)\n    after   one 1\n" in shown
    assert "ACCESS SHARE" not in shown  # looking holds nothing
    assert production.one("SELECT min(n) FROM item") == 1
    assert "samples" not in production.good("dry-run", "plan.json", "--on-target", "--format", "json")


def test_a_dump_that_is_older_or_newer_than_the_plan(production: Project) -> None:
    newer = production.apply()
    assert newer.returncode == 0, newer.stderr
    production.environment["SHADOW"] = production.shadow.dsn("postgres")
    restored = ("dry-run", "plan.json", "--shadow-url", "env:SHADOW", "--restore")
    done = production.run(*restored, str(dumped(production, "custom")))
    assert done.returncode == 2
    assert "has 2_b applied already: restore an older dump, or plan anew" in done.stderr
    with production.session() as connection:
        connection.execute(
            "DROP TABLE made; CREATE TABLE empty (); ALTER TABLE item DROP COLUMN z; DELETE FROM confiture.ledger"
        )
    done = production.run(*restored, str(dumped(production, "custom")))
    assert done.returncode == 0, done.stderr
    assert "note: run on top, for the dump lacks them: 1_a" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing", None, "nothing: No such file or directory"),
        ("folder", "", "a folder without toc.dat is no dump"),
        ("x.dump", b"PGDMP nonsense", "--restore "),
        ("x.sql", b"CREATE TABLE a ();\nSELECT 1/0;\n", "division by zero"),
        ("x.sql", b"\\i other.sql\n", ":1: \\i is no line that pg_dump writes"),
        ("x.sql", b"\\connect a\n\\connect b\n", ":2: a dump of several databases"),
        ("x.sql", b"CREATE TABLE a (n int);\nCOPY a FROM stdin;\nx\n\\.\n", "invalid input syntax"),
    ],
)
def test_what_cannot_be_restored(project: Project, name: str, content: bytes | str | None, said: str) -> None:
    project.write({"1_a.sql": "SELECT 1"})
    project.plan()
    path = project.root / name
    if content == "":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    project.environment["SHADOW"] = project.shadow.dsn("postgres")
    done = project.run("dry-run", "plan.json", "--shadow-url", "env:SHADOW", "--restore", str(path))
    assert done.returncode == 2, done.stderr + done.stdout
    assert said in done.stderr
    assert "internal error" not in done.stderr


def test_a_dump_of_a_whole_database_and_of_a_newer_server(production: Project) -> None:
    dump = dumped(production, "plain", "--create")
    dump.write_bytes(b"SET surely_newer = 0;\n" + dump.read_bytes())
    production.environment["SHADOW"] = production.shadow.dsn("postgres")
    done = production.run("dry-run", "plan.json", "--shadow-url", "env:SHADOW", "--restore", str(dump))
    assert done.returncode == 0, done.stderr


def test_restore_goes_with_the_shadow_only(production: Project) -> None:
    done = production.run("dry-run", "plan.json", "--on-target", "--restore", "x")
    assert done.returncode == 2
    assert "--restore makes rows on the shadow; it does not go with --on-target" in done.stderr
    assert production.run("dry-run", "plan.json", "--fill", "5", "--restore", "x").returncode == 2
