"""Apply, rollback, status and history on a real server: the ledger and the database agree."""

import json
import time
from pathlib import Path

import pytest
from tests.migrator.project import Project

pytestmark = pytest.mark.pg
THREE = {
    "0001_a.up.sql": "CREATE TABLE a (id int);\nINSERT INTO a SELECT generate_series(1, 7);",
    "0001_a.down.sql": "DROP TABLE a;",
    "0002_b.sql": "CREATE INDEX CONCURRENTLY ix_a ON a (id);",
    "0002_b.down.sql": "DROP INDEX CONCURRENTLY ix_a;",
    "0003_c.yaml": "migration:\n  ddl: CREATE TABLE c (id int PRIMARY KEY);\n  rollback: {ddl: DROP TABLE c;}\n",
}


def test_apply_status_history_rollback(project: Project) -> None:
    project.write(THREE)
    project.plan()
    done = project.apply("--format", "json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [(each["version"], each["rows"]) for each in document["applied"]] == [
        ("0001", 7),
        ("0002", 0),
        ("0003", 0),
    ]
    assert project.ledger() == [("0001", "applied"), ("0002", "applied"), ("0003", "applied")]
    status = project.status()
    assert status["ok"]
    assert status["pending"] == []
    row = status["applied"][0]
    assert row["plan_hash"].startswith("sha256:")
    assert (row["rows"], row["applied_by"], row["error"], row["direction"]) == (7, "postgres", None, "up")
    assert row["started_at"] <= row["finished_at"]
    again = project.apply()
    assert (again.returncode, again.stdout) == (0, "0 applied, 3 were before\n")
    assert project.good("history").splitlines()[1].split()[:3] == ["0001", "0001_a", "applied"]
    assert len(json.loads(project.good("history", "--format", "json"))["migrations"]) == 3
    assert project.good("rollback", "--to", "0001", "-q") == "2 reverted\n"
    assert project.ledger() == [("0001", "applied"), ("0002", "reverted"), ("0003", "reverted")]
    assert not project.exists("c")
    assert not project.exists("ix_a")
    assert [row["version"] for row in project.status()["pending"]] == ["0002", "0003"]
    project.plan()
    assert project.apply().returncode == 0
    assert (
        json.loads(project.good("rollback", "--last", "3", "--format", "json"))["reverted"][2]["version"]
        == "0001"
    )
    assert not project.exists("a")


def test_rollback_follows_the_order_of_application_not_the_clock(project: Project) -> None:
    project.write({"0002_b.sql": "SELECT 2", "0002_b.down.sql": "SELECT -2"})
    project.plan()
    assert project.apply().returncode == 0
    project.write({"0001_a.sql": "SELECT 1", "0001_a.down.sql": "SELECT -1"})  # it came late
    project.plan()
    assert project.apply().returncode == 0
    with project.session() as connection:  # and the clock was set back before it
        connection.execute(
            "UPDATE confiture.ledger SET finished_at = now() - interval '1 year' WHERE version = '0001'"
        )
    project.good("rollback")
    assert project.ledger() == [("0002", "applied"), ("0001", "reverted")]


def test_rollback_refuses_what_has_no_way_back_before_it_begins(project: Project) -> None:
    project.write(
        {"1_a.sql": "CREATE TABLE a ()", "2_b.sql": "CREATE TABLE b ()", "2_b.down.sql": "DROP TABLE b"}
    )
    project.plan()
    assert project.apply().returncode == 0
    done = project.run("rollback", "--last", "2")
    assert done.returncode == 1
    assert "1_a has no way back: write 1_a.down.sql; nothing was taken back" in done.stderr
    assert project.exists("b")
    assert "there are 2 applied migrations, not 3" in project.run("rollback", "--last", "3").stderr
    assert "version 9 is not applied" in project.run("rollback", "--to", "9").stderr


def test_a_failed_rollback_leaves_it_applied(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a ()", "1_a.down.sql": "DROP TABLE a;\nDROP TABLE nothing"})
    project.plan()
    assert project.apply().returncode == 0
    done = project.run("rollback")
    assert done.returncode == 3
    assert 'db/migrations/1_a.down.sql:2: table "nothing" does not exist' in done.stderr
    assert project.ledger() == [("1", "applied")]
    assert project.exists("a")
    project.write({"1_a.down.sql": "DROP TABLE a"})
    project.good("rollback")
    assert not project.exists("a")


def test_a_file_edited_after_it_was_applied(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a ()", "1_a.down.sql": "DROP TABLE a"})
    project.plan()
    assert project.apply().returncode == 0
    project.write({"1_a.sql": "CREATE TABLE a (b int)"})
    status = project.status()
    assert (status["ok"], status["changed"]) == (False, ["db/migrations/1_a.sql"])
    assert project.run("status").returncode == 1
    assert "was edited after it was applied; that edit is in no plan" in project.run("plan").stderr
    done = project.run("rollback")
    assert done.returncode == 1
    assert "was edited after it was applied: restore it" in done.stderr
    (project.root / "db/migrations/1_a.sql").unlink()
    (project.root / "db/migrations/1_a.down.sql").unlink()
    assert project.status()["missing"] == ["1_a"]


def test_a_file_edited_after_it_was_vetted(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a ()"})
    project.plan()
    project.write({"1_a.sql": "CREATE TABLE a () "})
    done = project.apply()
    assert (done.returncode, project.ledger()) == (1, [])
    assert "1_a.sql was edited after it was vetted: make the plan again" in done.stderr
    (project.root / "db/migrations/1_a.sql").unlink()
    assert "is gone since the plan was made" in project.apply().stderr


def test_a_plan_that_is_stale(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a ()"})
    project.plan()
    with project.session() as connection:
        connection.execute("CREATE TABLE somebody_elses (n int)")
    done = project.apply()
    assert (done.returncode, project.ledger()) == (1, [])
    assert "the plan is stale" in done.stderr
    with project.session() as connection:
        connection.execute("DROP TABLE somebody_elses; SET search_path = pg_catalog")
    assert project.apply().returncode == 0


def test_a_plan_for_another_database(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a ()"})
    project.plan()
    other = project.shadow.create_database("other_one")
    project.environment["TEST_DATABASE_URL"] = project.shadow.dsn(other)
    done = project.apply()
    project.shadow.drop_database(other)
    assert done.returncode == 1
    assert f"the plan is for database {project.database}, this is other_one" in done.stderr


def test_a_plan_for_another_environment(project: Project) -> None:
    text = (project.root / "confiture.yaml").read_text()
    project.write(
        {
            "confiture.yaml": text + text.partition("environments:\n")[2].replace("default", "production"),
            "1_a.sql": "SELECT 1",
        }
    )
    project.plan("--env", "production")
    done = project.apply("--env", "default")
    assert done.returncode == 1
    assert "the plan was vetted for environment production, not for default" in done.stderr
    assert project.apply().returncode == 0  # without --env it is the plan's


def test_lock_timeouts_are_retried_until_the_lock_is_free(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a (n int)", "2_b.sql": "ALTER TABLE a ADD COLUMN m int"})
    project.plan("--lock-timeout", "50ms")
    with project.session() as connection:
        connection.execute("CREATE TABLE a (n int)")
        connection.execute("INSERT INTO a VALUES (1)")
    project.write({"1_a.sql": "SELECT 1"})
    project.plan("--lock-timeout", "50ms")
    retried = []
    with project.session(autocommit=False) as holder:
        holder.execute("LOCK TABLE a IN ACCESS SHARE MODE")
        process = project.start("apply", "plan.json", "--log", "json")
        assert process.stderr is not None
        for line in process.stderr:
            event = json.loads(line)
            if event["event"] == "migration_retried":
                retried.append(event)
                holder.rollback()
    process.communicate()
    assert process.returncode == 0
    assert [(event["attempt"], event["pause_seconds"]) for event in retried] == [(2, 1.0)]
    assert "lock timeout" in retried[0]["error"]
    assert (
        project.one("SELECT count(*) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname = 'm'") == 1
    )


def test_lock_timeouts_end_in_a_roll_back(project: Project) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE a (n int)")
    project.write({"1_a.sql": "CREATE TABLE b (); ALTER TABLE a ADD COLUMN m int"})
    project.plan("--lock-timeout", "50ms", "--lock-retries", "0")
    with project.session(autocommit=False) as holder:
        holder.execute("LOCK TABLE a IN ACCESS SHARE MODE")
        done = project.apply()
    assert done.returncode == 3
    assert "1_a.sql:1: canceling statement due to lock timeout" in done.stderr
    assert "pg_stat_activity shows who" in done.stderr
    assert "nothing of this migration is in the database" in done.stderr
    assert project.ledger() == [("1", "failed")]
    assert not project.exists("b")


def test_timeouts_are_those_of_the_plan(project: Project) -> None:
    ask = "INSERT INTO asked SELECT current_setting('{0}')"
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    project.write({"1_a.sql": "CREATE TABLE asked (v text);" + ";".join(ask.format(name) for name in names)})
    project.plan("--lock-timeout", "3s", "--statement-timeout", "90s")
    assert project.apply().returncode == 0
    with project.session() as connection:
        assert connection.execute("SELECT v FROM asked").fetchall() == [("3s",), ("90s",), ("10min",)]
    assert "'soon' is not a duration" in project.run("plan", "--lock-timeout", "soon").stderr


def test_a_script_may_change_its_session_and_nothing_else(project: Project) -> None:
    with project.session() as connection:
        connection.execute("DROP ROLE IF EXISTS session_role; CREATE ROLE session_role")
        connection.execute("GRANT CREATE ON SCHEMA public TO session_role")
    project.write(
        {
            "1_a.sql": "SET search_path = nowhere; SET ROLE session_role; SET statement_timeout = '10s'; CREATE TABLE public.a ()",
            "2_b.sql": "CREATE TABLE b (); CREATE INDEX CONCURRENTLY ix_b ON b ((1))",
            "3_c.sql": "SET SESSION AUTHORIZATION session_role; CREATE TABLE public.c ()",
            "4_d.sql": "CREATE TABLE d ()",
        }
    )
    project.plan()
    done = project.apply()
    owners = project.one(
        "SELECT string_agg(relname || ' ' || relowner::regrole, ', ' ORDER BY relname) FROM pg_class WHERE relname IN ('a', 'b', 'd')"
    )
    with project.session() as connection:
        connection.execute("DROP OWNED BY session_role; DROP ROLE session_role")
    assert owners == "a session_role, b postgres, d postgres", done.stderr
    assert [state for _, state in project.ledger()] == ["applied"] * 4


def test_two_appliers_at_once(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a (); SELECT pg_sleep(1.5)"})
    project.plan()
    first = project.start("apply", "plan.json")
    deadline = time.monotonic() + 10
    while (
        not project.one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        and time.monotonic() < deadline
    ):
        time.sleep(0.02)
    second = project.apply()
    running = project.status()
    assert first.wait(20) == 0
    first.communicate()
    assert second.returncode == 3
    assert "another confiture-migrate is applying to this database (pid " in second.stderr
    assert running["failed"] == []
    assert project.ledger() == [("1", "applied")]


def test_a_statement_that_fails(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a (n int);\n\nINSERT INTO a VALUES ('x')", "2_b.sql": "SELECT 1"})
    project.plan()
    done = project.apply("--format", "json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"], document["applied"]) == (3, False, [])
    assert document["error"].startswith('db/migrations/1_a.sql:3: invalid input syntax for type integer: "x"')
    assert project.ledger() == [("1", "failed")]
    assert not project.exists("a")
    assert project.status()["failed"][0]["error"].startswith("db/migrations/1_a.sql:3")
    project.write({"1_a.sql": "CREATE TABLE a (n int);"})
    project.plan()
    assert project.apply().returncode == 0
    assert project.ledger() == [("1", "applied"), ("2", "applied")]


def test_a_deferred_constraint_is_checked_while_it_has_a_name(project: Project) -> None:
    project.write(
        {
            "1_a.sql": "CREATE TABLE a (n int PRIMARY KEY, m int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1, 2)"
        }
    )
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "a deferred constraint: insert or update on table" in done.stderr
    assert "Key (m)=(2) is not present" in done.stderr
    assert not project.exists("a")


def test_python_migrations(project: Project) -> None:
    project.write(
        {
            "1_a.py": "class A:\n    def up(self, conn):\n        conn.execute('CREATE TABLE a (n int)')\n"
            "        conn.execute('INSERT INTO a VALUES (%s)', [1])\n    def down(self, conn):\n        conn.execute('DROP TABLE a')\n",
            "2_b.py": "class B:\n    def up(self, conn):\n        conn.execute('CREATE TABLE b ()')\n        raise ValueError('no é')\n",
        }
    )
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "db/migrations/2_b.py: ValueError: no é" in done.stderr
    assert project.ledger() == [("1", "applied"), ("2", "failed")]
    assert not project.exists("b")
    project.good("rollback")
    assert not project.exists("a")


@pytest.mark.parametrize(
    "body",
    ["conn.execute('COMMIT')", "conn.execute('ROLLBACK')", "conn.execute('COMMIT'); conn.execute('BEGIN')"],
)
def test_a_migration_that_ends_the_transaction_itself(project: Project, body: str) -> None:
    project.write(
        {"1_a.py": f"class A:\n    def up(self, conn):\n        conn.execute('CREATE TABLE a ()'); {body}\n"}
    )
    project.plan()
    done = project.apply()
    assert done.returncode in (3, 4)
    assert "ended the migrator's transaction itself" in done.stderr
    committed = project.exists("a")
    assert committed is ("COMMIT" in body)
    assert committed is bool(project.ledger())  # never a committed DDL without its row
    assert ("1", "applied") not in project.ledger()


def test_explicit_commit_by_driver_is_refused(project: Project) -> None:
    project.write(
        {
            "1_a.py": "class A:\n    def up(self, conn):\n        conn.execute('CREATE TABLE a ()'); conn.commit()\n"
        }
    )
    project.plan()
    assert project.apply().returncode == 3
    assert not project.exists("a")


def test_a_procedure_that_commits(project: Project) -> None:
    project.write({"1_a.sql": "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL p()"})
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "transaction: false" in done.stderr
    assert project.one("SELECT count(*) FROM pg_proc WHERE proname = 'p'") == 0


def test_a_role_without_rights(project: Project) -> None:
    with project.session() as connection:
        connection.execute("DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN; CREATE TABLE theirs (n int)")
    project.write({"1_a.sql": "ALTER TABLE theirs ADD COLUMN m int"})
    project.environment["TEST_DATABASE_URL"] = project.url.replace("user=postgres", "user=weak")
    try:
        project.plan()
        done = project.apply()
        assert (done.returncode, project.ledger()) == (2, [])
        assert "the ledger cannot be made: permission denied" in done.stderr
        assert "CREATE TABLE confiture.ledger" in done.stderr
        with project.session() as connection:
            from confiture_migrator.ledger import Ledger

            Ledger(connection).create()
            connection.execute(
                "GRANT USAGE ON SCHEMA confiture TO weak; GRANT SELECT, INSERT, UPDATE ON confiture.ledger TO weak"
            )
        done = project.apply()
        assert done.returncode == 3
        assert "1_a.sql:1: must be owner of table theirs" in done.stderr
        assert "apply as the owner" in done.stderr
        assert project.ledger() == [("1", "failed")]
    finally:
        with project.session() as connection:
            connection.execute("DROP OWNED BY weak; DROP ROLE weak")


def test_no_secret_in_logs_ledger_or_arguments(project: Project) -> None:
    with project.session() as connection:
        connection.execute("DROP ROLE IF EXISTS secretive")
    project.write(
        {
            "1_a.sql": "CREATE ROLE secretive PASSWORD 'geheim'; SELECT pg_sleep(0.6); ALTER ROLE secretive PASSWORD 'geheim' BORED"
        }
    )
    assert project.run("plan").returncode == 2
    project.write(
        {
            "1_a.sql": "CREATE ROLE secretive PASSWORD 'geheim'; SELECT pg_sleep(0.6); ALTER ROLE nobody_else PASSWORD 'geheim'"
        }
    )
    project.environment["TEST_DATABASE_URL"] = project.url + " password=topsecret"
    project.plan()
    process = project.start("apply", "plan.json", "--log", "json", "-v")
    seen = ""
    while process.poll() is None:
        seen += Path(f"/proc/{process.pid}/cmdline").read_text()
        time.sleep(0.05)
    out, err = process.communicate()
    told = (
        out
        + err
        + seen
        + (project.root / "plan.json").read_text()
        + project.good("history", "--format", "json")
    )
    assert "1_a.sql:1" in told
    assert 'role "nobody_else" does not exist' in told
    assert "geheim" not in told
    assert "topsecret" not in told


def test_the_configuration_names_a_password_is_warned_of_not_shown(project: Project) -> None:
    text = (
        (project.root / "confiture.yaml")
        .read_text()
        .replace("${TEST_DATABASE_URL}", "postgresql://u:geheim@/x?host=/nowhere")
    )
    project.write({"confiture.yaml": text, "1_a.sql": "SELECT 1"})
    done = project.run("plan")
    assert done.returncode == 2
    assert "the database does not answer" in done.stderr
    assert "geheim" not in done.stderr


def test_the_printed_sql_does_what_apply_does(project: Project) -> None:
    from confiture_linter.parse import parse_statements
    from confiture_migrator.ledger import Ledger

    project.write(
        {
            "1_a.sql": "BEGIN; CREATE TABLE a (n text DEFAULT 'it''s'); INSERT INTO a DEFAULT VALUES; COMMIT",
            "2_b.sql": "CREATE INDEX CONCURRENTLY i ON a (n)",
        }
    )
    project.plan()
    printed = project.good("show", "plan.json", "--sql")
    with project.session() as connection:
        Ledger(connection).create()
        for raw in parse_statements(printed, len(printed.encode())):
            connection.execute(printed.encode()[raw.start : raw.end])
    assert project.exists("i")
    assert project.ledger() == [("1", "applied"), ("2", "applied")]
    done = project.apply()
    assert (done.returncode, done.stdout) == (0, "0 applied, 2 were before\n")
    assert project.status()["ok"]
