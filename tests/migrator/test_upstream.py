"""Mistakes of an earlier tool of this name, each of which cost somebody a database or an evening."""

import json

import pytest
from tests.migrator.project import Project, everything

pytestmark = pytest.mark.pg


def test_analysing_writes_nothing_not_even_the_ledger(project: Project) -> None:
    """Its `--dry-run` made a schema, three tables, two functions, and took the lock."""
    project.write({"1_a.sql": "CREATE TABLE a ()"})
    with project.session() as connection:
        before = everything(connection)
    for command in (
        ("plan", "--output", "plan.json"),
        ("plan", "--all"),
        ("show", "plan.json"),
        ("show", "plan.json", "--sql"),
    ):
        assert project.run(*command).returncode == 0
    for command in (
        ("status",),
        ("history",),
        ("hooks",),
        ("snapshot",),
        ("dry-run", "plan.json", "--on-target"),
    ):
        assert project.run(*command).returncode == 0, command
    with project.session() as connection:
        assert everything(connection) == before


def test_a_failing_hook_after_the_ddl_leaves_no_ddl_without_a_row(project: Project) -> None:
    """Its failing AFTER hook committed column and index and no row; the next run failed on what was there."""
    text = "migration:\n  ddl: ALTER TABLE t ADD COLUMN m int; CREATE INDEX ix ON t (m)\n  hooks: {after_validation: [{type: sql, config: {sql: SELECT 1/0}}]}\n"
    with project.session() as connection:
        connection.execute("CREATE TABLE t (n int)")
    project.write({"1_a.yaml": text})
    project.plan()
    for _ in range(2):
        assert project.apply().returncode == 3
        assert (
            project.one("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'm'")
            == 0
        )
        assert project.ledger() == [("1", "failed")]
    project.write({"1_a.yaml": text.replace("1/0", "1")})
    project.plan()
    assert project.apply().returncode == 0


def test_json_is_one_document_whatever_happens(project: Project) -> None:
    """Its JSON was two documents, with progress in between."""
    project.write(
        {
            "1_a.sql": "CREATE TABLE a (); INSERT INTO a DEFAULT VALUES",
            "2_b.sql": "SELECT 1/0",
            "2_b.down.sql": "SELECT 1",
        }
    )
    project.plan()
    commands = [
        ("plan", "--format", "json"),
        ("show", "plan.json", "--format", "json"),
        ("dry-run", "plan.json", "--on-target", "--format", "json"),
        ("apply", "plan.json", "--format", "json", "-v"),
        ("apply", "plan.json", "--format", "json", "--log", "json"),
        ("status", "--format", "json"),
        ("history", "--format", "json"),
        ("rollback", "--format", "json"),
        ("hooks", "--format", "json"),
    ]
    for command in commands:
        assert json.loads(project.run(*command).stdout)["version"] == 1, command


def test_rows_are_counted(project: Project) -> None:
    """It reported 0 rows for an UPDATE of 300,000."""
    with project.session() as connection:
        connection.execute("CREATE TABLE t AS SELECT generate_series(1, 3000) AS n")
    project.write({"1_a.sql": "UPDATE t SET n = n + 1; DELETE FROM t WHERE n > 2991; SELECT * FROM t"})
    project.plan()
    done = project.run("dry-run", "plan.json", "--on-target", "--format", "json")
    assert json.loads(done.stdout)["totals"]["rows"] == 3010
    assert json.loads(project.apply("--format", "json").stdout)["applied"][0]["rows"] == 3010


def test_a_failed_dry_run_does_not_say_that_something_is_applied(project: Project) -> None:
    """It said "2 migration(s) succeeded - database is partially updated" about a database it had rolled back."""
    project.write({"1_a.sql": "CREATE TABLE a ()", "2_b.sql": "SELECT nothing"})
    project.plan()
    done = project.run("dry-run", "plan.json", "--on-target")
    assert done.returncode == 3
    assert "applied" not in done.stdout + done.stderr
    assert "db/migrations/2_b.sql:1: column" in done.stdout  # and it names the file that is there


def test_a_missing_way_back_does_not_stop_an_apply(project: Project) -> None:
    """A missing .down.sql of a later migration aborted the run of an earlier one."""
    project.write({"1_a.sql": "SELECT 1", "2_b.sql": "SELECT 2"})
    document = project.plan()
    assert [each["rule"] for each in document["findings"]] == ["no-rollback", "no-rollback"]
    assert project.apply().returncode == 0


def test_nothing_is_asked(project: Project) -> None:
    """It prompted for real execution before it tested; without a terminal nothing may wait for an answer."""
    project.write({"1_a.sql": "SELECT 1"})
    project.plan()
    process = project.start("apply", "plan.json")
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_options_that_are_not_understood_are_refused(project: Project) -> None:
    """Its flags were ignored: --env, --target, tracking_table."""
    project.write({"1_a.sql": "SELECT 1"})
    for command in (
        ("plan", "--target", "1"),
        ("apply", "plan.json", "--env", "nowhere"),
        ("status", "--env", "nowhere"),
        ("rollback", "--last", "0"),
    ):
        project.plan()
        assert project.run(*command).returncode == 2, command


def test_statements_are_not_split_at_every_semicolon(project: Project) -> None:
    """It shredded dollar-quoted bodies."""
    body = "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $b$ BEGIN PERFORM 1; RETURN 'a;b'; END $b$;\nCREATE TABLE a (n text DEFAULT ';')"
    project.write({"1_a.sql": body})
    assert len(project.plan()["migrations"][0]["steps"]) == 2
    assert project.apply().returncode == 0
    assert project.one("SELECT f()") == "a;b"


def test_a_savepoint_in_a_script(project: Project) -> None:
    """An inline COMMIT broke its envelope, and savepoints were lost."""
    project.write(
        {
            "1_a.sql": "CREATE TABLE a (n int); SAVEPOINT s; INSERT INTO a VALUES (1); ROLLBACK TO s; INSERT INTO a VALUES (2)"
        }
    )
    project.plan()
    assert project.apply().returncode == 0
    assert project.one("SELECT array_agg(n) FROM a") == [2]


def test_text_has_no_markup(project: Project) -> None:
    """Its piped text showed [dim]…[/dim]."""
    project.write(
        {"1_a.yaml": "migration:\n  ddl: CREATE TABLE \"[bold]x[/bold]\" ()\n  description: '[dim]'\n"}
    )
    project.plan()
    done = project.apply("-v")
    assert "\x1b" not in done.stderr + done.stdout
    assert done.returncode == 0
