"""History: what happened is kept with the migration, for who may keep it, and shown in three forms."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.migrator.project import CONFIG, Project
from tests.page.pages import stands_alone

from confiture_migrator.history.merge import merged
from confiture_migrator.history.render_text import render
from confiture_migrator.ledger import Entry, Happening, State, What

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOOKED = """\
migration:
  ddl: |
    ALTER TABLE t ADD COLUMN n int;
    CREATE TABLE made (id int);
    SELECT count(*) FROM t;
  hooks:
    after_ddl: [{type: sql, config: {sql: UPDATE t SET n = 1}}]
"""


def history(project: Project) -> list[dict[str, Any]]:
    return list(json.loads(project.good("history", "--format", "json"))["events"])


def run(project: Project, *, code: int = 0) -> str:
    project.plan()
    done = project.apply()
    assert done.returncode == code, done.stderr
    return done.stderr


@pytest.mark.pg
def test_locks_hooks_rows_and_time_are_kept(project: Project) -> None:
    with project.session() as connection:
        connection.execute(
            "CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 5); CREATE VIEW v AS SELECT 1"
        )
    project.write({"0001_a.yaml": HOOKED})
    run(project)
    (event,) = history(project)
    assert event["locks"] == [{"relation": "public.t", "mode": "ACCESS EXCLUSIVE"}]  # not what it made itself
    assert [(hook["phase"], hook["hook"], hook["ok"], hook["rows"]) for hook in event["hooks"]] == [
        ("after_ddl", "sql", True, 5)
    ]
    assert (event["status"], event["rows"], event["statements"], event["by"]) == ("applied", 5, 3, "postgres")
    assert (event["attempts"], event["transaction"], event["source"]) == (1, True, "event")
    assert event["slowest"]["place"].startswith("db/migrations/0001_a.yaml:")
    assert event["plan_hash"].startswith("sha256:")
    row = json.loads(project.good("history", "--format", "json"))["migrations"][0]
    assert (event["at"], event["duration_ms"]) == (row["finished_at"], row["duration_ms"])


@pytest.mark.pg
def test_step_by_step_keeps_the_locks_of_its_transactions(project: Project) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE t (id int); CREATE TABLE u (id int)")
    project.write(
        {"0001_a.sql": "ALTER TABLE t ADD COLUMN n int;\nCREATE INDEX CONCURRENTLY ix ON u (id);\nTABLE u;"}
    )
    run(project)
    (event,) = history(project)
    assert event["locks"] == [
        {"relation": "public.t", "mode": "ACCESS EXCLUSIVE"},
        {"relation": "public.u", "mode": "ACCESS SHARE"},
    ]
    assert event["transaction"] is False


@pytest.mark.pg
def test_everything_that_happened_stays(project: Project) -> None:
    project.write({"0001_a.up.sql": "SELECT 1 / 0", "0001_a.down.sql": "SELECT 1"})
    run(project, code=3)
    project.write({"0001_a.up.sql": "CREATE TABLE a ()", "0001_a.down.sql": "DROP TABLE a"})
    run(project)
    project.good("rollback")
    run(project)
    project.write({"0001_a.down.sql": "DROP TABLE nothing"})
    assert project.run("rollback").returncode == 3
    found = history(project)
    assert [each["status"] for each in found] == ["failed", "applied", "reverted", "applied", "failed"]
    assert "division by zero" in found[0]["error"]
    assert "0001_a.down.sql" in found[4]["error"]
    assert project.ledger() == [("0001", "applied")]
    lines = project.good("history").splitlines()
    assert lines[0].split()[:6] == ["version", "name", "status", "finished", "seconds", "rows"]
    assert [line.split()[2] for line in lines[1:]] == [each["status"] for each in found]


@pytest.mark.pg
def test_a_retry_is_counted(project: Project) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE t (id int)")
    project.write({"0001_a.sql": "ALTER TABLE t ADD COLUMN n int"})
    project.plan("--lock-timeout", "50ms", "--lock-retries", "1")
    with project.session(autocommit=False) as holder:
        holder.execute("LOCK TABLE t")
        assert project.apply().returncode == 3
        holder.rollback()
    assert project.apply().returncode == 0
    assert [each["attempts"] for each in history(project)] == [2, 1]


@pytest.mark.pg
def test_who_may_not_make_the_table_goes_without(project: Project) -> None:
    project.write({"0001_a.sql": "CREATE TABLE a ()"})
    run(project)
    with project.session() as connection:
        connection.execute("CREATE ROLE clerk LOGIN; DROP TABLE confiture.events")
        connection.execute("GRANT USAGE ON SCHEMA confiture TO clerk; GRANT ALL ON confiture.ledger TO clerk")
        connection.execute("GRANT CREATE ON SCHEMA public TO clerk")
    try:
        owner = project.url
        project.environment["TEST_DATABASE_URL"] = (
            owner.replace("postgres@", "clerk@", 1) if "://" in owner else f"{owner} user=clerk"
        )
        project.write({"0002_b.sql": "CREATE TABLE b ()"})
        said = run(project)
        assert "confiture.events cannot be made" in said
        found = history(project)
        assert [(each["version"], each["status"], each["source"]) for each in found] == [
            ("0001", "applied", "ledger"),
            ("0002", "applied", "ledger"),
        ]
        assert found[1]["by"] == "clerk"
    finally:
        project.environment.clear()
        with project.session() as connection:
            connection.execute("DROP OWNED BY clerk CASCADE; DROP ROLE clerk")


@pytest.mark.pg
def test_the_page_and_a_file(project: Project) -> None:
    project.write({"0001_a.sql": "CREATE TABLE a ()"})
    run(project)
    page = project.good("history", "--format", "html")
    stands_alone(page)
    assert f"Migrations of {project.database}" in page
    assert project.good("history", "--format", "html", "--output", "h.html") == ""
    assert "0001_a" in (project.root / "h.html").read_text()
    done = project.run("history", "--output", "no/such/h.html")
    assert (done.returncode, "no/such/h.html: No such file or directory" in done.stderr) == (2, True)


@pytest.mark.pg
def test_before_anything_was_done(project: Project) -> None:
    assert project.good("history").splitlines() == ["version  name  status  finished  seconds  rows"]
    assert json.loads(project.good("history", "--format", "json")) == {
        "version": 1,
        "migrations": [],
        "events": [],
    }
    assert not project.one("SELECT to_regnamespace('confiture') IS NOT NULL")


@pytest.mark.pg
def test_a_plan_does_not_become_stale_by_what_is_kept(project: Project) -> None:
    project.write({"confiture.yaml": CONFIG, "0001_a.sql": "CREATE TABLE a ()"})
    run(project)
    project.write({"0002_b.sql": "CREATE TABLE b ()"})
    project.plan()
    with project.session() as connection:
        connection.execute("DROP TABLE confiture.events")
    assert project.apply().returncode == 0


def entry(version: str, state: State, **more: Any) -> Entry:
    made = Entry(version, f"{version}_x", state, "c", "p", AT, AT, 5, 1, "me", None, 0, None, None, 1, "up")
    return made._replace(**more)


def test_rows_and_events_that_tell_the_same_are_one_line() -> None:
    happened = Happening(
        "i", "1", "1_x", What.APPLIED, AT, {"duration_ms": 5, "locks": [{"relation": "a", "mode": "SHARE"}]}
    )
    lines = merged(
        [
            entry("1", State.APPLIED),
            entry("2", State.RUNNING, finished_at=None),
            entry("3", State.FAILED, error="no"),
        ],
        [happened],
        {},
        [],
    )
    assert [(line.version, line.status, line.source) for line in lines] == [
        ("1", "applied", "event"),
        ("3", "failed", "ledger"),
        ("2", "running", "ledger"),
    ]
    assert "1 up to SHARE" in render(lines)


@pytest.mark.parametrize(
    "data", [{"locks": 7, "hooks": ["x", {"seconds": "y"}], "rows": "z", "started_at": "never"}, {}]
)
def test_data_that_somebody_else_wrote_is_no_crash(data: dict[str, Any]) -> None:
    (line,) = merged([], [Happening("i", "1", "n", What.FAILED, AT, data)], {}, [])
    assert (line.locks, line.rows, line.started_at) == ((), None, None)
