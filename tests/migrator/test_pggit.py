"""pgGit is told of everything once, in order; whatever is wrong with it, the migration goes through.

With CONFITURE_TEST_PGGIT_URL the tests marked `told` use that database, in which the real pgGit is installed
(docs/pggit.md); they leave nothing of their own behind. Otherwise pgGit is `pggit_schema.sql`, written for these tests.
"""

import json
import multiprocessing
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.migrator.project import CONFIG, Project
from tests.migrator.test_faults import GATE, PATIENCE, gone, until, waiting

from confiture_linter.config import load_config
from confiture_migrator.events import Recorder
from confiture_migrator.ledger import Events, Happening, Ledger, What
from confiture_migrator.pggit import Pggit, Queue, Waiting, pggit_for
from confiture_migrator.pggit.told import LOCK, body_of, migration_id, told_events
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
SCHEMA = (Path(__file__).parent / "pggit_schema.sql").read_text()
ELSEWHERE = os.environ.get("CONFITURE_TEST_PGGIT_URL", "")
QUEUE = ".confiture/pggit-queue.jsonl"
WANTED = CONFIG + "pggit: {enabled: true}\n"
TWO = {
    "0001_a.up.sql": "CREATE TABLE a (id int);\nINSERT INTO a SELECT generate_series(1, 7);",
    "0001_a.down.sql": "DROP TABLE a;",
    "0002_b.sql": "CREATE TABLE b (id int);",
}


class Elsewhere(Project):
    """A project whose database is the one that the variable names."""

    @property
    def url(self) -> str:
        return ELSEWHERE

    @contextmanager
    def session(self, *, autocommit: bool = True) -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(ELSEWHERE, autocommit=autocommit) as connection:
            yield connection

    def clean(self) -> None:
        with self.session() as connection:
            for table in ("a", "b", "stepped"):
                connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE".encode())
            connection.execute("DROP SCHEMA IF EXISTS confiture CASCADE")
            connection.execute(
                "DELETE FROM pggit.system_events WHERE event_data ->> 'tool' = 'confiture-migrate'"
            )
            connection.execute("DELETE FROM pggit.external_migrations WHERE tool_name = 'confiture-migrate'")
            connection.execute(
                "UPDATE pggit.deployment_state SET is_active = false, current_deployment_id = NULL"
            )


@pytest.fixture
def told(project: Project, shadow: Shadow) -> Iterator[Project]:
    """A project whose database has pgGit."""
    if ELSEWHERE:
        made = Elsewhere(project.root, shadow, "")
        made.clean()
        yield made
        made.clean()
        return
    with project.session() as connection:
        connection.execute(SCHEMA.encode())
    yield project


def install(project: Project) -> None:
    with project.session() as connection:
        connection.execute(SCHEMA.encode())


def events(project: Project) -> list[tuple[str, str]]:
    with project.session() as connection:
        return connection.execute(
            "SELECT event_type, event_data ->> 'version' FROM pggit.system_events "
            "WHERE event_data ->> 'tool' = 'confiture-migrate' ORDER BY event_id"
        ).fetchall()


def in_deployment(project: Project) -> bool:
    return bool(project.one("SELECT is_active FROM pggit.deployment_state"))


def queued(project: Project) -> list[tuple[str, str]]:
    return [(each.what, each.version) for each in Queue(project.root / QUEUE).waiting()]


def applied(project: Project, files: dict[str, str], *, code: int = 0) -> str:
    project.write(files)
    project.plan()
    done = project.apply()
    assert done.returncode == code, done.stderr
    return done.stderr


# It is there.


def test_what_was_applied_is_told_in_the_same_transaction(told: Project) -> None:
    applied(told, TWO)
    assert events(told) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]
    assert not in_deployment(told)
    assert not (told.root / QUEUE).exists()
    data = told.one("SELECT event_data FROM pggit.system_events WHERE event_data ->> 'version' = '0001'")
    row = json.loads(told.good("history", "--format", "json"))["migrations"][0]
    for key in ("checksum", "plan_hash", "duration_ms", "rows", "applied_by", "git_commit"):
        assert data[key] == row[key]
    assert (data["rows"], data["name"], data["status"]) == (7, "0001_a", "applied")
    same = (
        "SELECT e.xmin = l.xmin FROM pggit.system_events AS e JOIN confiture.ledger AS l "
        "ON l.version = e.event_data ->> 'version' WHERE l.version = '0001'"
    )
    if not ELSEWHERE:  # savepoints have transaction ids of their own: the age is what they share
        same = same.replace("e.xmin = l.xmin", "abs(e.xmin::text::int - l.xmin::text::int) < 20")
        assert told.one(same)
    assert (
        told.one(
            "SELECT count(*) FROM pggit.external_migrations WHERE tool_name = 'confiture-migrate' AND migration_id IN (1, 2)"
        )
        == 2
    )
    assert told.one(
        "SELECT count(*) FROM pggit.deployment_mode WHERE deployment_name IN ('confiture-migrate 0001_a', "
        "'confiture-migrate 0002_b') AND status = 'completed' AND ended_at >= now() - interval '1 hour'"
    )  # fmt: skip


def test_what_failed_is_told_in_a_new_one(told: Project) -> None:
    applied(told, {"0001_a.sql": "CREATE TABLE a (id int);\nSELECT 1 / 0;"}, code=3)
    assert events(told) == [("MIGRATION_FAILED", "0001")]
    assert not told.exists("a")
    assert not in_deployment(told)
    assert "division by zero" in told.one(
        "SELECT event_data ->> 'error' FROM pggit.system_events WHERE event_type = 'MIGRATION_FAILED'"
    )


def test_what_was_taken_back_is_told(told: Project) -> None:
    applied(told, {name: TWO[name] for name in ("0001_a.up.sql", "0001_a.down.sql")})
    told.good("rollback")
    assert events(told) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_ROLLED_BACK", "0001")]


def test_step_by_step(told: Project) -> None:
    files = {"0001_s.sql": "CREATE TABLE stepped (id int);\nCREATE INDEX CONCURRENTLY ix ON stepped (id);"}
    applied(told, files)
    assert events(told) == [("MIGRATION_APPLIED", "0001")]
    assert not in_deployment(told)


def test_a_step_that_fails_leaves_no_deployment_open(told: Project) -> None:
    files = {
        "0001_s.sql": "CREATE TABLE stepped (id int);\nCREATE INDEX CONCURRENTLY ix ON stepped (nothing);"
    }
    applied(told, files, code=3)
    assert events(told) == [("MIGRATION_FAILED", "0001")]
    assert not in_deployment(told)


def test_a_deployment_of_somebody_else_is_left_alone(told: Project) -> None:
    told.one("SELECT pggit.begin_deployment('theirs')")
    said = applied(told, TWO)
    assert "pgGit: no deployment was begun: Deployment already in progress" in said
    assert len(events(told)) == 2
    assert in_deployment(told)


def test_a_migration_that_was_killed_goes_on_with_its_own_deployment(told: Project) -> None:
    told.write(
        {
            "0001_s.yaml": f"migration:\n  transaction: false\n  ddl: |\n    CREATE TABLE stepped ();\n    {GATE};\n"
        }
    )
    told.plan()
    with told.session() as holder:
        holder.execute(GATE)
        process = told.start("apply", "plan.json")
        until(lambda: waiting(told), "the applier did not reach the gate")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        holder.execute("SELECT pg_advisory_unlock(4711)")
    until(lambda: gone(told), "the backend did not end")
    assert in_deployment(told)
    assert events(told) == []
    done = told.apply("--resume")
    assert done.returncode == 0, done.stderr
    assert "already in progress" not in done.stderr
    assert events(told) == [("MIGRATION_APPLIED", "0001")]
    assert not in_deployment(told)


def test_switched_off(told: Project) -> None:
    told.write({"confiture.yaml": CONFIG + "pggit: {enabled: false}\n"})
    applied(told, TWO)
    assert events(told) == []
    assert not (told.root / QUEUE).exists()


# It is not there, is broken, or may not be used.


def test_absent_and_nobody_asked_for_it(project: Project) -> None:
    assert "pgGit" not in applied(project, TWO)
    assert not (project.root / ".confiture").exists()


def test_absent_and_asked_for(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    said = applied(project, TWO)
    assert f"pgGit was not told (there is no schema pggit); the event waits in {QUEUE}" in said
    assert queued(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]
    assert [each["pggit"] for each in json.loads(project.good("history", "--format", "json"))["events"]] == [
        "waits"
    ] * 2
    install(project)
    said = project.run("history", "--send-queued").stderr
    assert "pgGit was told of 2 earlier events" in said
    assert events(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]
    assert not (project.root / QUEUE).exists()
    assert [each["pggit"] for each in json.loads(project.good("history", "--format", "json"))["events"]] == [
        "told"
    ] * 2


def test_auto_that_is_written_down_waits_in_silence(project: Project) -> None:
    project.write({"confiture.yaml": CONFIG + "pggit: {enabled: auto, queue: waiting/events}\n"})
    assert "pgGit" not in applied(project, TWO)
    assert len(Queue(project.root / "waiting/events").waiting()) == 2


def test_earlier_events_come_first(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    applied(project, {"0001_a.sql": "CREATE TABLE a ()"})
    applied(project, {"0002_b.sql": "SELECT 1 / 0"}, code=3)
    install(project)
    applied(project, {"0002_b.sql": "SELECT 1"})
    assert events(project) == [
        ("MIGRATION_APPLIED", "0001"),
        ("MIGRATION_FAILED", "0002"),
        ("MIGRATION_APPLIED", "0002"),
    ]


def test_what_cannot_be_sent_yet_is_not_overtaken(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    applied(project, {"0001_a.sql": "CREATE TABLE a ()"})
    install(project)
    with project.session() as connection:
        connection.execute(
            "ALTER TABLE pggit.system_events ADD CONSTRAINT never CHECK (event_data ->> 'version' <> '0001')"
        )
    assert "earlier events wait" in applied(project, {"0002_b.sql": "CREATE TABLE b ()"})
    assert events(project) == []
    with project.session() as connection:
        connection.execute("ALTER TABLE pggit.system_events DROP CONSTRAINT never")
    project.good("history", "--send-queued")
    assert events(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]


FUNCTION = "RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$"
BROKEN = {
    "no table": ("DROP TABLE pggit.system_events", "there is no table pggit.system_events"),
    "a column is gone": ("ALTER TABLE pggit.system_events RENAME event_data TO data", 'column "event_data"'),
    "its functions fail": (
        f"CREATE OR REPLACE FUNCTION pggit.link_migration(migration_id bigint, description text DEFAULT NULL, tool_name text DEFAULT 'flyway') {FUNCTION}",
        "never",
    ),
}


def test_a_deployment_that_cannot_be_ended(project: Project) -> None:
    install(project)
    with project.session() as connection:
        connection.execute(
            f"CREATE OR REPLACE FUNCTION pggit.end_deployment(message text DEFAULT NULL, tags text[] DEFAULT NULL) {FUNCTION}".encode()
        )
    said = applied(project, TWO)
    assert "pgGit: the deployment was not ended: never" in said
    assert "pgGit was told of 2 earlier events" in said
    assert len(events(project)) == 2
    assert project.ledger() == [("0001", "applied"), ("0002", "applied")]


@pytest.mark.parametrize("how", BROKEN)
def test_broken(project: Project, how: str) -> None:
    install(project)
    sql, told = BROKEN[how]
    with project.session() as connection:
        connection.execute(sql.encode())
    said = applied(project, TWO)
    assert told in said
    assert project.ledger() == [("0001", "applied"), ("0002", "applied")]
    assert queued(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]


def test_only_the_table_is_there(project: Project) -> None:
    """An older or a partial pgGit: no deployments, no links, but events."""
    with project.session() as connection:
        connection.execute(
            "CREATE SCHEMA pggit; CREATE TABLE pggit.system_events (event_id serial, event_type text, event_data jsonb)"
        )
    assert "pgGit" not in applied(project, TWO)
    assert len(events(project)) == 2


@pytest.mark.parametrize(
    "given", ["", "GRANT USAGE ON SCHEMA pggit TO meek", "GRANT SELECT ON pggit.system_events TO meek"]
)
def test_forbidden(project: Project, given: str) -> None:
    install(project)
    with project.session() as connection:
        connection.execute("CREATE ROLE meek LOGIN")
        connection.execute(
            f"GRANT CREATE ON DATABASE {project.database} TO meek; GRANT CREATE ON SCHEMA public TO meek"
        )
        connection.execute(given.encode() or "SELECT 1")
    try:
        url = project.url
        project.environment["TEST_DATABASE_URL"] = (
            f"{url} user=meek" if "://" not in url else url.replace("postgres@", "meek@", 1)
        )
        said = applied(project, TWO)
        assert project.one("SELECT applied_by FROM confiture.ledger LIMIT 1") == "meek"
        assert "this role may not" in said
        assert len(queued(project)) == 2
    finally:
        project.environment.clear()
        with project.session() as connection:
            connection.execute("DROP OWNED BY meek CASCADE; DROP ROLE meek")


def test_the_queue_cannot_be_written_either(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    (project.root / ".confiture").write_text("no folder")
    assert "cannot be written" in applied(project, TWO)
    assert project.ledger() == [("0001", "applied"), ("0002", "applied")]


# Nothing twice, nothing that never happened.


class Killed(Exception):
    pass


class KilledBeforeMark(Queue):
    """A queue whose process dies after pgGit has committed and before the line `done` is written."""

    def done(self, identifier: str) -> None:
        raise Killed


def adapter(project: Project, connection: "psycopg.Connection[Any]", queue: type[Queue] = Queue) -> Pggit:
    config = load_config(str(project.root / "confiture.yaml"))
    made = pggit_for(config, connection, Recorder())
    assert made is not None
    made._queue = queue(project.root / QUEUE)
    return made


def test_killed_between_send_and_mark(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    applied(project, TWO)
    install(project)
    with project.session() as connection, pytest.raises(Killed):
        adapter(project, connection, KilledBeforeMark).replay()
    assert events(project) == [("MIGRATION_APPLIED", "0001")]
    assert len(queued(project)) == 2
    for _ in range(2):
        with project.session() as connection:
            adapter(project, connection).replay()
        assert events(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]
    assert queued(project) == []
    assert project.one("SELECT count(*) FROM pggit.external_migrations") == 2


def test_killed_while_it_sends(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    applied(project, TWO)
    install(project)
    with project.session() as holder:
        holder.execute(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_lock(4711); RETURN NULL; END $$; "
            "CREATE TRIGGER gate AFTER INSERT ON pggit.system_events FOR EACH ROW EXECUTE FUNCTION gate()"
        )
        holder.execute(GATE)
        process = project.start("history", "--send-queued")
        until(lambda: waiting(project), "it did not reach the gate")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        holder.execute("SELECT pg_advisory_unlock(4711)")
        until(lambda: gone(project), "the backend did not end")
        holder.execute("DROP TRIGGER gate ON pggit.system_events")
    project.good("history", "--send-queued")
    assert events(project) == [("MIGRATION_APPLIED", "0001"), ("MIGRATION_APPLIED", "0002")]
    assert queued(project) == []


def happening(version: str = "0001") -> Happening:
    return Happening(str(uuid.uuid4()), version, "x", What.APPLIED, datetime(2026, 1, 1, tzinfo=UTC), {})


def test_what_never_committed_is_never_told(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    install(project)
    with project.session() as connection:
        Ledger(connection).create()
        gone, there = happening(), happening("0002")
        Events(connection).add(there)
        made = adapter(project, connection)
        for each in (gone, there):
            made._queue.add(Waiting(each.id, made._target(), each.version, each.what.value, body_of(each)))
        other = happening("0003")
        made._queue.add(Waiting(other.id, ("1", "another"), "0003", other.what.value, body_of(other)))
        made.replay()
    assert events(project) == [("MIGRATION_APPLIED", "0002")]
    assert queued(project) == [("MIGRATION_APPLIED", "0003")]  # it is for another database


def test_two_that_replay_at_once_send_nothing_twice(project: Project) -> None:
    project.write({"confiture.yaml": WANTED})
    applied(project, {f"{n:04}_x.sql": "SELECT 1" for n in range(1, 6)})
    install(project)
    started = [project.start("history", "--send-queued") for _ in range(3)]
    for process in started:
        process.communicate(timeout=PATIENCE * 2)
    project.good("history", "--send-queued")
    assert events(project) == [("MIGRATION_APPLIED", f"{n:04}") for n in range(1, 6)]


def test_while_another_tells_it_nothing_is_told(project: Project) -> None:
    install(project)
    with project.session() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        said = applied(project, {"0001_a.sql": "CREATE TABLE a ()"})
        assert "another session is telling it" in said
        assert events(project) == []
        assert queued(project) == [("MIGRATION_APPLIED", "0001")]
    project.good("history", "--send-queued")
    assert events(project) == [("MIGRATION_APPLIED", "0001")]


# The queue.


def waiting_line(number: int) -> Waiting:
    return Waiting(f"id{number}", ("1", "db"), f"{number}", "MIGRATION_APPLIED", {"n": number, "é": "😀\n"})


def test_queue_keeps_order_and_survives_a_torn_line(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "deep/er/queue.jsonl")
    for number in range(3):
        queue.add(waiting_line(number))
    with queue.path.open("ab") as file:
        file.write(b'{"event": {"id": "torn", "tar')
    queue.done("id1")
    queue.add(waiting_line(3))
    assert [each.id for each in queue.waiting()] == ["id0", "id2", "id3"]
    assert queue.waiting()[0] == waiting_line(0)
    assert queue.path.stat().st_mode & 0o077 == 0
    queue.tidy()
    assert queue.path.exists()
    for number in (0, 2, 3):
        queue.drop(f"id{number}")
    queue.tidy()
    assert not queue.path.exists()
    assert queue.waiting() == ()


def _fill(path: Path, first: int) -> None:
    for number in range(first, first + 25):
        Queue(path).add(waiting_line(number))


def test_queue_of_several_processes(tmp_path: Path) -> None:
    path = tmp_path / "queue.jsonl"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_fill, args=(path, first)) for first in (0, 100, 200)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert len(Queue(path).waiting()) == 75
    own = [int(each.version) for each in Queue(path).waiting() if int(each.version) < 100]
    assert own == sorted(own)


def test_versions_as_pggit_numbers_them() -> None:
    assert migration_id("0042") == 42
    assert migration_id("20260101120000") == 20260101120000
    for version in ("1.2", "a", "9" * 30, "٣"):
        assert 0 <= migration_id(version) < 2**63
    assert migration_id("1.2") != migration_id("1.3")


def test_events_that_only_pggit_has_are_history_too(told: Project) -> None:
    applied(told, TWO)
    with told.session() as connection:
        connection.execute("DROP TABLE confiture.events")
        assert len(told_events(connection)) == 2
    found = json.loads(told.good("history", "--format", "json"))["events"]
    assert [(each["version"], each["source"], each["pggit"]) for each in found] == [
        ("0001", "pggit", "told"),
        ("0002", "pggit", "told"),
    ]
