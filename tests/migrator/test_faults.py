"""Whatever happens to client, connection or server: nothing is lost, the ledger is true, the message says what to do.

The client is a real process. It is stopped at a known place by a lock that the test holds, and killed there.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.migrator.project import CONFIG, Project
from tests.pg_fixture import major

from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
GATE = "SELECT pg_advisory_lock(4711)"
"""A statement that waits as long as the test holds the lock."""
PATIENCE = 20.0


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def waiting(project: Project) -> int | None:
    """The pid of the applier's backend, if it waits for a lock."""
    return project.one(  # type: ignore[no-any-return]
        "SELECT max(pid) FROM pg_stat_activity WHERE application_name = 'confiture-migrate' AND wait_event_type = 'Lock' "
        "AND datname = current_database()"
    )


def gone(project: Project) -> bool:
    return bool(
        project.one(
            "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'confiture-migrate' AND datname = current_database()"
        )
    )


def stopped_at_gate(
    project: Project, strike: Callable[[Project, "subprocess.Popen[str]"], None], *arguments: str
) -> str:
    """Apply up to the gate, strike there, open the gate; what the client said."""
    with project.session() as holder:
        holder.execute(GATE)
        process = project.start("apply", "plan.json", *arguments)
        until(lambda: waiting(project), "the applier did not reach the gate")
        strike(project, process)
        holder.execute("SELECT pg_advisory_unlock(4711)")
        _, said = process.communicate(timeout=PATIENCE)
    until(lambda: gone(project), "the backend did not end")
    return said


def kill(_project: Project, process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGKILL)


def interrupt(_project: Project, process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGINT)
    process.wait(PATIENCE)


def terminate(_project: Project, process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGTERM)
    process.wait(PATIENCE)


def cut(project: Project, _process: "subprocess.Popen[str]") -> None:
    project.one("SELECT pg_terminate_backend(%s)", waiting(project))


ONE_TRANSACTION = {
    "in the first statement": {"ddl": f"{GATE}; CREATE TABLE made (); SELECT 1"},
    "in the last statement": {"ddl": f"CREATE TABLE made (); {GATE}"},
    "in a hook before": {"before_ddl": f"CREATE TABLE hooked (); {GATE}"},
    "in a hook after": {"after_ddl": GATE},
    "in the last hook": {"cleanup": GATE},
}


def yaml_of(parts: dict[str, str], more: str = "") -> str:
    ddl = parts.get("ddl", "CREATE TABLE made ()")
    hooks = "".join(
        f"    {phase}: [{{type: sql, config: {{sql: {json.dumps(text)}}}}}]\n"
        for phase, text in parts.items()
        if phase != "ddl"
    )
    return f"migration:\n{more}  ddl: {json.dumps(ddl)}\n" + (f"  hooks:\n{hooks}" if hooks else "")


@pytest.mark.parametrize("strike", [kill, cut, interrupt, terminate])
@pytest.mark.parametrize("place", ONE_TRANSACTION)
def test_in_one_transaction_it_is_all_or_nothing(
    project: Project, place: str, strike: Callable[[Project, "subprocess.Popen[str]"], None]
) -> None:
    project.write({"1_a.sql": "CREATE TABLE first ()", "2_b.yaml": yaml_of(ONE_TRANSACTION[place])})
    project.plan()
    said = stopped_at_gate(project, strike)
    assert project.exists("first")
    assert not project.exists("made")
    assert not project.exists("hooked")
    status = project.status()
    assert [row["version"] for row in status["applied"]] == ["1"]
    assert [row["version"] for row in status["pending"]] == ["2"]
    if strike is cut:
        assert "the connection to the server was lost" in said
        assert "run `confiture-migrate status`" in said
    if strike in (interrupt, terminate):
        assert "was interrupted" in said
        assert project.ledger()[-1] == ("2", "failed")
    again = project.apply("--resume")
    assert again.returncode == 0, again.stderr
    assert project.exists("made")
    assert project.ledger() == [("1", "applied"), ("2", "applied")]


def test_exit_code_of_a_lost_connection(project: Project) -> None:
    project.write({"1_a.sql": GATE})
    project.plan()
    with project.session() as holder:
        holder.execute(GATE)
        process = project.start("apply", "plan.json", "--format", "json", "--log", "json")
        until(lambda: waiting(project), "gate")
        cut(project, process)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4
    document = json.loads(out)
    assert (document["ok"], document["applied"]) == (False, [])
    failed = [json.loads(line) for line in err.splitlines() if line.startswith("{")][-1]
    assert (failed["event"], failed["state"]) == ("migration_failed", "unknown")


STEPS = f"""\
migration:
  transaction: false
  ddl: |
    CREATE TABLE made (n int);
    INSERT INTO made VALUES (1);
    {GATE};
    INSERT INTO made VALUES (2);
    VACUUM made;
    INSERT INTO made VALUES (3);
  hooks:
    before_ddl: [{{type: sql, config: {{sql: "CREATE TABLE hooked (); INSERT INTO log VALUES ('before')"}}}}]
    cleanup: [{{type: sql, config: {{sql: "INSERT INTO log VALUES ('cleanup')"}}}}]
"""


@pytest.mark.parametrize("strike", [kill, cut, interrupt])
def test_step_by_step_every_step_is_done_once(
    project: Project, strike: Callable[[Project, "subprocess.Popen[str]"], None]
) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE log (word text)")
    project.write({"1_a.yaml": STEPS})
    project.plan()
    stopped_at_gate(project, strike)
    assert project.one("SELECT step FROM confiture.ledger") == 3  # the hook and two statements
    assert project.one("SELECT count(*) FROM made") == 1
    status = project.status()
    assert [row["version"] for row in status["failed"]] == ["1"]
    if strike is not interrupt:
        assert (
            "interrupted with 3 steps done; go on with `confiture-migrate apply PLAN --resume`"
            in status["failed"][0]["error"]
        )
    assert not status["ok"]
    refused = project.apply()
    assert refused.returncode == 1
    assert "go on with --resume" in refused.stderr
    assert "is unfinished" in project.run("plan").stderr
    assert "is unfinished" in project.run("rollback").stderr
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    with project.session() as connection:
        assert connection.execute("SELECT n FROM made ORDER BY n").fetchall() == [(1,), (2,), (3,)]
        assert connection.execute("SELECT word FROM log").fetchall() == [("before",), ("cleanup",)]
    assert project.ledger() == [("1", "applied")]


INDEX = {
    "1_a.up.sql": "CREATE INDEX CONCURRENTLY ix_t ON t (n);\nINSERT INTO t VALUES (-1);",
    "1_a.down.sql": "DROP INDEX ix_t",
}


def building(project: Project, *, server_too: bool) -> None:
    """Kill the client in the middle of CREATE INDEX CONCURRENTLY, which waits for an old transaction."""
    with project.session() as connection:
        connection.execute("CREATE TABLE t AS SELECT generate_series(1, 100) AS n")
    project.write(INDEX)
    project.plan()
    with project.session(autocommit=False) as old:
        old.execute("INSERT INTO t VALUES (0)")
        process = project.start("apply", "plan.json")
        until(lambda: waiting(project), "the index is not being built")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        if server_too:
            project.one("SELECT pg_terminate_backend(%s)", waiting(project))
            until(lambda: gone(project), "the backend did not end")
        old.commit()
    until(lambda: gone(project), "the backend did not end")


def test_an_invalid_index_is_cleaned_up_and_built_anew(project: Project) -> None:
    building(project, server_too=True)
    assert project.one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_t'::regclass") is False
    status = project.status()
    assert (
        "interrupted at db/migrations/1_a.up.sql:1: invalid index ix_t was left behind"
        in status["failed"][0]["told"]
    )
    assert project.exists("ix_t")  # status looks, it does not touch the schema
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert "invalid index ix_t was left behind, cleaned up" in done.stderr
    assert project.one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_t'::regclass") is True
    assert project.one("SELECT count(*) FROM t WHERE n = -1") == 1


@pytest.mark.parametrize("ask_status", [True, False])
def test_an_index_that_the_server_completed_alone(project: Project, ask_status: bool) -> None:
    building(project, server_too=False)
    assert project.one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_t'::regclass") is True
    before = project.one("SELECT pg_relation_filenode('ix_t')")
    assert project.one("SELECT doing FROM confiture.ledger") == 0
    if ask_status:
        assert "index ix_t is complete" in project.status()["failed"][0]["told"]
        assert "index ix_t is complete" in project.one("SELECT error FROM confiture.ledger")
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert project.one("SELECT pg_relation_filenode('ix_t')") == before
    assert project.one("SELECT count(*) FROM t WHERE n = -1") == 1


SESSION = """\
CREATE SCHEMA app AUTHORIZATION step_role;
SET search_path = app;
SET ROLE step_role;
CREATE TABLE t AS SELECT generate_series(1, 10) AS n;
CREATE INDEX CONCURRENTLY ix_t ON t (n);
INSERT INTO t VALUES (11);
"""


@pytest.mark.parametrize("server_too", [True, False])
@pytest.mark.parametrize("ask_status", [True, False])
def test_what_a_script_has_set_is_set_again_on_resume(
    project: Project, server_too: bool, ask_status: bool
) -> None:
    """Another table of this name is in public; role and search_path were set by steps that are done."""
    with project.session() as connection:
        connection.execute("CREATE ROLE step_role; CREATE TABLE t (n int)")
    try:
        project.write({"1_a.sql": SESSION.replace("CREATE INDEX", f"{GATE};\nCREATE INDEX")})
        project.plan()
        with project.session(autocommit=False) as old, project.session() as holder:
            holder.execute(GATE)
            process = project.start("apply", "plan.json")
            until(lambda: waiting(project), "gate")
            old.execute("INSERT INTO app.t VALUES (0)")
            holder.execute("SELECT pg_advisory_unlock(4711)")
            until(
                lambda: project.one("SELECT doing = 5 FROM confiture.ledger") and waiting(project), "no index"
            )
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            if server_too:
                project.one("SELECT pg_terminate_backend(%s)", waiting(project))
                until(lambda: gone(project), "the backend did not end")
            old.commit()
        until(lambda: gone(project), "the backend did not end")
        if ask_status:
            told = project.status()["failed"][0]["told"]
            assert ("invalid index ix_t was left behind" if server_too else "index ix_t is complete") in told
        done = project.apply("--resume")
        assert done.returncode == 0, done.stderr
        assert project.one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app.ix_t'::regclass")
        assert project.one("SELECT count(*) FROM app.t") == 12
        assert project.one("SELECT count(*) FROM public.t") == 0
        assert (
            project.one("SELECT relowner::regrole::text FROM pg_class WHERE oid = 'app.ix_t'::regclass")
            == "step_role"
        )
        assert project.ledger() == [("1", "applied")]
    finally:
        with project.session() as connection:
            connection.execute("DROP OWNED BY step_role CASCADE; DROP ROLE step_role")


def test_killed_before_a_step_outside_a_transaction_began(project: Project) -> None:
    """The journal says that it had begun; the catalog says that it left nothing."""
    building(project, server_too=True)
    with project.session() as connection:
        connection.execute("DROP INDEX ix_t")
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert "index ix_t is not there" in done.stderr
    assert project.exists("ix_t")


def test_a_unique_index_that_cannot_be_built_leaves_nothing_behind(project: Project) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n FROM generate_series(1, 2)")
    project.write({"1_a.sql": "CREATE UNIQUE INDEX CONCURRENTLY ix_t ON t (n);"})
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "could not create unique index" in done.stderr
    assert not project.exists("ix_t")
    assert project.one("SELECT doing IS NULL AND step = 0 AND state = 'failed' FROM confiture.ledger")
    with project.session() as connection:
        connection.execute("DELETE FROM t WHERE ctid = '(0,1)'")
    project.plan()
    assert project.apply().returncode == 0


@pytest.mark.parametrize(
    ("sql", "prepare", "leave", "told"),
    [
        ("DROP INDEX CONCURRENTLY i", "CREATE TABLE t (n int)", "", "the index is gone"),
        (
            "DROP INDEX CONCURRENTLY i",
            "CREATE TABLE t (n int); CREATE INDEX i ON t (n)",
            "",
            "the index is still there",
        ),
        (
            "REINDEX INDEX CONCURRENTLY i",
            "CREATE TABLE t (n int); CREATE INDEX i ON t (n); CREATE INDEX i_ccnew ON t (n)",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i_ccnew'::regclass",
            "left behind: i_ccnew, cleaned up",
        ),
        ("VACUUM t", "CREATE TABLE t (n int)", "", "repeating it does no harm"),
        (
            "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
            "CREATE TABLE p (n int) PARTITION BY LIST (n); CREATE TABLE q PARTITION OF p FOR VALUES IN (1)",
            "UPDATE pg_inherits SET inhdetachpending = true",
            "the detaching of q was left pending, cleaned up",
        ),
        (
            "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
            "CREATE TABLE p (n int) PARTITION BY LIST (n); CREATE TABLE q (n int)",
            "",
            "q is detached",
        ),
    ],
)
def test_every_kind_of_step_outside_a_transaction(
    project: Project, sql: str, prepare: str, leave: str, told: str
) -> None:
    """The state that a death in the middle leaves, made by hand: the journal has begun, the catalog shows the rest."""
    if "DETACH" in sql and major(project.shadow) < 14:
        pytest.skip("PostgreSQL detaches concurrently from 14 on")
    project.write({"1_a.sql": f"{sql};\nSELECT 1;"})
    with project.session() as connection:
        connection.execute(prepare.encode())
        if leave:
            connection.execute(leave.encode())
    plan = project.plan()
    with project.session() as connection:
        from confiture_migrator.ledger import Ledger

        ledger = Ledger(connection)
        ledger.create()
        migration = plan["migrations"][0]
        ledger.begin("1", "1_a", migration["checksum"], plan["hash"], "up")
        ledger.step_begun("1", 0)
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert project.ledger() == [("1", "applied")]


HOOKED_INDEX = """\
migration:
  transaction: BY_STEP
  ddl: DDL
  hooks:
    before_ddl: [{type: sql, config: {sql: CREATE UNIQUE INDEX CONCURRENTLY i ON t (n)}}]
"""


@pytest.mark.parametrize("by_step", [False, True])
@pytest.mark.parametrize("complete", [False, True])
def test_an_index_of_a_hook_is_not_built_twice(project: Project, by_step: bool, complete: bool) -> None:
    """Killed behind it, or in the middle of it: what it left decides."""
    text = HOOKED_INDEX.replace("BY_STEP", "false" if by_step else "true").replace(
        "DDL", f"{GATE}; CREATE TABLE made ()"
    )
    project.write({"1_a.yaml": text})
    with project.session() as connection:
        connection.execute("CREATE TABLE t (n int)")
    project.plan()
    stopped_at_gate(project, kill)
    assert project.exists("i")
    if not complete:
        with project.session() as connection:
            connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass")
            connection.execute("UPDATE confiture.ledger SET step = 0, doing = 0")
    before = project.one("SELECT 'i'::regclass::oid")
    status = project.status()
    assert [row["version"] for row in status["failed"]] == ["1"]
    assert "go on with `confiture-migrate apply PLAN --resume`" in status["failed"][0]["told"]
    if not complete:
        assert "hook sql: invalid index i was left behind" in status["failed"][0]["told"]
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert project.one("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")
    assert (project.one("SELECT 'i'::regclass::oid") == before) is complete
    assert project.ledger() == [("1", "applied")]
    assert project.exists("made")


def test_an_index_of_a_hook_that_cannot_be_built_leaves_nothing_behind(project: Project) -> None:
    project.write({"1_a.yaml": HOOKED_INDEX.replace("BY_STEP", "false").replace("DDL", "SELECT 1")})
    with project.session() as connection:
        connection.execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)")
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "invalid index i was left behind, cleaned up" in done.stderr
    assert not project.exists("i")


def test_what_a_hook_did_before_the_transaction_stays_and_is_told(project: Project) -> None:
    project.write(
        {"1_a.yaml": HOOKED_INDEX.replace("BY_STEP", "true").replace("DDL", "INSERT INTO u VALUES (1)")}
    )
    with project.session() as connection:
        connection.execute("CREATE TABLE t (n int); CREATE TABLE u (n int CHECK (n > 1))")
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "All of it is rolled back" not in done.stderr
    assert "What hook sql (db/migrations/1_a.yaml:5) did before it stays" in done.stderr
    assert project.run("plan").returncode == 1
    with project.session() as connection:
        connection.execute("ALTER TABLE u DROP CONSTRAINT u_n_check")
    done = project.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert "sql left out: done by an earlier run: index i is complete" in done.stderr


def test_a_step_of_which_nobody_can_tell(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLESPACE never LOCATION '/nowhere';"})
    plan = project.plan()
    with project.session() as connection:
        from confiture_migrator.ledger import Ledger

        ledger = Ledger(connection)
        ledger.create()
        ledger.begin("1", "1_a", plan["migrations"][0]["checksum"], plan["hash"], "up")
        ledger.step_begun("1", 0)
    done = project.apply("--resume")
    assert done.returncode == 4
    assert "nothing in the catalog tells whether it took effect. Look at the database" in done.stderr
    with project.session() as connection:
        connection.execute("UPDATE confiture.ledger SET doing = NULL, step = 1")
    assert project.apply("--resume").returncode == 0
    assert project.ledger() == [("1", "applied")]


def test_edited_in_the_middle(project: Project) -> None:
    project.write(
        {"1_a.yaml": "migration:\n  transaction: false\n  ddl: |\n    CREATE TABLE a ();\n    SELECT 1/0;\n"}
    )
    project.plan()
    assert project.apply().returncode == 3
    project.write(
        {"1_a.yaml": "migration:\n  transaction: false\n  ddl: |\n    CREATE TABLE a ();\n    SELECT 1;\n"}
    )
    assert "was edited after it was vetted" in project.apply("--resume").stderr
    refused = project.run("plan").stderr
    assert "1_a is unfinished (failed, 1 steps done)" in refused
    assert "take back by hand what its steps did, and set state to 'reverted'" in refused
    with project.session() as connection:
        connection.execute("DROP TABLE a; UPDATE confiture.ledger SET state = 'reverted'")
    project.plan()
    assert project.apply().returncode == 0
    assert project.ledger() == [("1", "applied")]


def test_a_rollback_step_by_step_that_stopped(project: Project) -> None:
    project.write(
        {
            "1_a.sql": "CREATE TABLE a (n int); CREATE INDEX i ON a (n)",
            "1_a.down.sql": "DROP INDEX CONCURRENTLY i;\nSELECT 1/0;\nDROP TABLE a",
        }
    )
    project.plan()
    assert project.apply().returncode == 0
    done = project.run("rollback")
    assert done.returncode == 3
    assert project.ledger() == [("1", "failed")]
    assert (project.exists("i"), project.exists("a")) == (False, True)
    assert (
        "taking 1_a back is unfinished: `confiture-migrate rollback --resume`"
        in project.apply("--resume").stderr
    )
    project.write({"1_a.down.sql": "DROP INDEX CONCURRENTLY i;\nSELECT 1;\nDROP TABLE a"})
    project.good("rollback", "--resume")
    assert project.ledger() == [("1", "reverted")]
    assert not project.exists("a")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("53100", "the server's disk is full: free space there"),
        ("53200", "out of memory"),
        ("57014", "longer --statement-timeout"),
    ],
)
def test_what_the_server_runs_out_of(project: Project, state: str, told: str) -> None:
    project.write(
        {
            "1_a.sql": f"CREATE TABLE a ();\nDO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END $$"
        }
    )
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "1_a.sql:2: could not extend file" in done.stderr
    assert told in done.stderr
    assert not project.exists("a")


def test_the_ledger_cannot_be_written_after_a_failure(project: Project) -> None:
    project.write({"0_z.sql": "SELECT 1"})
    project.plan()
    assert project.apply().returncode == 0
    project.write({"1_a.sql": "SELECT 1/0"})
    project.plan()
    with project.session() as connection:
        connection.execute("ALTER TABLE confiture.ledger ADD CONSTRAINT c CHECK (state <> 'failed')")
    done = project.apply()
    assert done.returncode == 3
    first, *_, last = [line for line in done.stderr.splitlines() if line.startswith(("error", "     "))]
    assert "division by zero" in first
    assert "The failure could not be written into the ledger" in done.stderr
    assert last


# A server of its own, for what would disturb others.


@pytest.fixture(scope="module")
def fragile() -> Iterator[Shadow]:
    with Shadow.start(
        settings={"wal_level": "replica", "max_wal_senders": "2", "synchronous_commit": "on"}
    ) as server:
        yield server


@pytest.fixture
def doomed(fragile: Shadow, tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path, fragile, fragile.create_database("doomed"))
    (tmp_path / "db/migrations").mkdir(parents=True)
    made.write({"confiture.yaml": CONFIG})
    yield made
    fragile.drop_database("doomed")


def answers(project: Project) -> bool:
    import psycopg

    try:
        return bool(project.one("SELECT true"))
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize("by_step", [False, True])
def test_the_server_crashes(doomed: Project, by_step: bool) -> None:
    more = "  transaction: false\n" if by_step else ""
    ddl = f"CREATE TABLE made (n int); INSERT INTO made VALUES (1); {GATE}; INSERT INTO made VALUES (2)"
    doomed.write({"1_a.yaml": yaml_of({"ddl": ddl}, more)})
    doomed.plan()
    with doomed.session() as holder:
        holder.execute(GATE)
        process = doomed.start("apply", "plan.json")
        until(lambda: waiting(doomed), "gate")
        pid = waiting(doomed)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)  # the postmaster ends all sessions and recovers
        _, said = process.communicate(timeout=PATIENCE)
    until(lambda: answers(doomed), "the server did not come back")
    assert process.returncode == 4
    assert "the connection to the server was lost" in said
    status = doomed.status()
    assert [row["version"] for row in status["failed" if by_step else "pending"]] == ["1"]
    assert doomed.exists("made") is by_step
    assert doomed.apply("--resume").returncode == 0
    assert doomed.one("SELECT array_agg(n ORDER BY n) FROM made") == [1, 2]
    assert doomed.ledger() == [("1", "applied")]


def test_the_server_is_not_there(doomed: Project) -> None:
    doomed.write({"1_a.sql": "SELECT 1"})
    doomed.plan()
    doomed.environment["TEST_DATABASE_URL"] = "host=/nowhere dbname=x password=geheim"
    for command in (("apply", "plan.json"), ("status",), ("rollback",), ("history",), ("plan",)):
        done = doomed.run(*command)
        assert done.returncode == 2
        assert done.stderr.startswith("error: the database does not answer")
        assert "geheim" not in done.stderr


def test_the_connection_is_lost_after_the_server_has_committed(doomed: Project) -> None:
    """COMMIT waits for a standby that is not there: locally it is done, and the client never hears of it."""
    doomed.write({"1_a.sql": "CREATE TABLE made (); SET LOCAL synchronous_commit = on"})
    doomed.plan()
    with doomed.session() as connection:
        from confiture_migrator.ledger import Ledger

        Ledger(connection).create()
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        connection.execute("SELECT pg_reload_conf()")
        try:
            until(lambda: doomed.one("SHOW synchronous_standby_names") == "nobody", "reload")
            process = doomed.start("apply", "plan.json")
            in_commit = "SELECT max(pid) FROM pg_stat_activity WHERE application_name = 'confiture-migrate' AND wait_event = 'SyncRep'"
            until(lambda: doomed.one(in_commit), "COMMIT does not wait")
            doomed.one("SELECT pg_terminate_backend(%s)", doomed.one(in_commit))
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
            connection.execute("SELECT pg_reload_conf()")
    assert process.returncode == 4
    assert "is not known from here: run `confiture-migrate status`" in said
    assert doomed.exists("made")
    assert [row["version"] for row in doomed.status()["applied"]] == ["1"]
    assert doomed.apply("--resume").stdout == "0 applied, 1 were before\n"
