"""The wizard end to end: the real program in a pseudo-terminal, the shadow as its server, the screen looked at."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg.conninfo import make_conninfo
from tests.migrator.project import Project
from tests.migrator.terminal import Terminal

from confiture_linter.effects.values import LockMode
from confiture_migrator.execute.session import LOCK
from confiture_migrator.wizard.lock_watch import LockWatch
from confiture_migrator.wizard.values import Moment

pytestmark = pytest.mark.pg

QUESTION = "? explains] "
BASE = "CREATE TABLE item (id bigint PRIMARY KEY, label text);\nINSERT INTO item SELECT i, 'x' FROM generate_series(1, 500) AS i"
MIGRATIONS = {
    "2_label.up.sql": "ALTER TABLE item ADD COLUMN price int;\nCREATE INDEX ix_label ON item (label);",
    "2_label.down.sql": "DROP INDEX ix_label;\nALTER TABLE item DROP COLUMN price;",
    "3_copy.yaml": "migration:\n  ddl: CREATE TABLE copy (id bigint PRIMARY KEY)\n  hooks:\n    after_ddl:\n"
    "      - {type: backfill_read_model, description: fill it, config: {source_table: item, target_table: copy, "
    "source_query: SELECT id FROM item, batch_size: 100}}\n  rollback: {ddl: DROP TABLE copy}\n",
}


@pytest.fixture
def applied(project: Project) -> Project:
    """A project whose first migration is applied, and two are pending."""
    project.write({"1_base.sql": BASE})
    project.plan()
    assert project.apply().returncode == 0
    project.write(MIGRATIONS)
    return project


@pytest.fixture
def terminal(applied: Project) -> Callable[..., Terminal]:
    def opened(*arguments: str, columns: int = 80, **environment: str) -> Terminal:
        variables = {**applied.variables(), "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment}
        variables = {key: value for key, value in variables.items() if value}
        return Terminal(applied.command(*arguments), applied.root, variables, columns)

    return opened


def flat(text: str) -> str:
    """However the lines are broken."""
    return " ".join(text.split())


@pytest.mark.slow
def test_from_banner_to_rollback(applied: Project, terminal: Callable[..., Terminal]) -> None:
    with terminal("wizard") as screen:
        opening = screen.answer(QUESTION, "dry")
        assert "environment    default" in opening
        assert f"database       {applied.database}, as postgres" in opening
        assert "PostgreSQL 1" in opening
        assert "1 applied, last 1_base (" in opening
        assert "── 2 pending ──" in opening
        assert "── 1 of 2: 2_label ──" in opening
        assert "SHARE on public.item keeps writers out while" in opening
        assert "★ make a snapshot, so that sizes are known" in opening
        assert "duration      not known" in opening
        assert "here now      public.item of " in opening
        assert "(rows not known, never analyzed)" in opening
        assert "Way back\n    db/migrations/2_label.down.sql: 2 statements" in opening
        rehearsed = screen.answer(QUESTION, "preview")
        assert "✓ came through in" in rehearsed
        assert "ACCESS EXCLUSIVE on public.item, held" in rehearsed
        assert "index added: public.ix_label" in rehearsed
        assert not applied.exists("ix_label"), "the dry-run touched the target"
        assert "CREATE INDEX ix_label ON item (label);\nINSERT INTO confiture.ledger" in screen.answer(
            QUESTION, "det"
        )
        assert (
            "2/2  line 2  CREATE INDEX ix_label ON item (label)\n       SHARE on public.item"
            in screen.answer(QUESTION, "")
        ), "Enter is no answer"
        explained = screen.answer(QUESTION, "y")
        assert "skip     leave it out this time" in explained
        second = screen.answer(QUESTION, "yes")
        assert "✓ 2_label applied in" in second
        assert "── 2 of 2: 3_copy ──" in second
        assert "after_ddl: backfill_read_model, fill it" in second
        assert "takes: about" in second
        assert "item of" in second
        assert screen.ended() == 0, screen.shown
        ending = screen.shown.rpartition("── summary ")[2]
    assert "2 applied in" in ending
    assert "+ column public.item.price" in ending
    assert "+ index ix_label on public.item" in ending
    assert "+ table public.copy" in ending
    first, second = (line for line in ending.splitlines() if "confiture-migrate rollback" in line)
    assert first.endswith("# 3_copy")
    assert second.endswith("# 2_label")
    assert applied.ledger() == [("1", "applied"), ("2", "applied"), ("3", "applied")]
    assert applied.one("SELECT count(*) FROM copy") == 500
    assert applied.run("rollback", "--last", "1").returncode == 0
    assert not applied.exists("copy")


@pytest.mark.slow
def test_control_c_at_a_question_leaves_everything_as_it_is(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    with terminal("wizard") as screen:
        screen.expect(QUESTION)
        screen.control_c()
        assert screen.ended() == 1
        assert "Stopped; nothing was running." in screen.shown
        assert "Traceback" not in screen.shown
    assert applied.ledger() == [("1", "applied")]
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "y")
        screen.expect(QUESTION)
        screen.write("\x04")
        assert screen.ended() == 1
        assert "1 applied in" in screen.shown
        assert "3_copy  still pending" in screen.shown
    assert applied.ledger() == [("1", "applied"), ("2", "applied")]


def test_control_c_at_the_other_questions(applied: Project, terminal: Callable[..., Terminal]) -> None:
    config = (applied.root / "confiture.yaml").read_text()
    strict = config.replace("data_loss: high", "data_loss: none") + '    peak_hours: "00:00-24:00"\n'
    applied.write({"confiture.yaml": strict, "2_label.up.sql": "ALTER TABLE item DROP COLUMN label;"})
    for last in ("it is not] ", "Type yes: "):
        with terminal("wizard") as screen:
            if last == "Type yes: ":
                screen.answer("it is not] ", "ticket 881")
                screen.answer(QUESTION, "y")
            screen.expect(last)
            screen.control_c()
            assert screen.ended() == 1
            assert "Stopped; nothing was running." in screen.shown
            assert "Traceback" not in screen.shown
        assert applied.ledger() == [("1", "applied")]


def test_control_c_twice_in_a_hook(applied: Project, terminal: Callable[..., Terminal]) -> None:
    applied.write(
        {
            "2_label.yaml": "migration:\n  ddl: ALTER TABLE item ADD COLUMN price int\n  hooks:\n    after_ddl: "
            "[{type: sql, description: wait, config: {sql: SELECT pg_sleep(60)}}]\n"
        }
    )
    for name in ("2_label.up.sql", "2_label.down.sql"):
        (applied.root / "db/migrations" / name).unlink()
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "y")
        screen.expect("after_ddl sql, wait")
        screen.control_c()
        screen.control_c()
        assert screen.ended() in (3, 4)
        assert "Traceback" not in screen.shown
    assert applied.ledger() in ([("1", "applied"), ("2", "failed")], [("1", "applied")])
    assert applied.one("SELECT count(*) FROM pg_attribute WHERE attname = 'price'") == 0
    status = applied.status()
    assert [row["version"] for row in status["pending"]] == ["2", "3"]


@pytest.mark.slow
def test_control_c_during_a_dry_run_asks_again(applied: Project, terminal: Callable[..., Terminal]) -> None:
    applied.write({"2_label.up.sql": "ALTER TABLE item ADD COLUMN price int;\nSELECT pg_sleep(60);"})
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "dry-run")
        screen.expect("Ctrl-C ends it.")
        with applied.shadow.connect() as connection:
            connection.execute("SELECT pg_sleep(2)")
        screen.control_c()
        assert "The dry-run was interrupted" in screen.expect(QUESTION)
        screen.write("n\n")
        assert screen.ended() == 1
    assert applied.ledger() == [("1", "applied")]


def test_control_c_during_a_step_rolls_back(applied: Project, terminal: Callable[..., Terminal]) -> None:
    applied.write({"2_label.up.sql": "ALTER TABLE item ADD COLUMN price int;\nSELECT pg_sleep(60);"})
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "y")
        screen.expect("2/2 SELECT pg_sleep(60)")
        screen.expect("holds ACCESS EXCLUSIVE on public.item for")
        screen.control_c()
        assert screen.ended() == 3
        assert "2_label was interrupted" in screen.shown
        assert "3_copy  still pending" in screen.shown
        assert screen.raw.count("\x1b[?25l") == screen.raw.count("\x1b[?25h"), "the cursor was given back"
    assert applied.ledger() == [("1", "applied"), ("2", "failed")]
    assert (
        applied.one(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = 'item'::regclass AND attname = 'price'"
        )
        == 0
    )
    assert (
        applied.one(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        )
        == 0
    )


def test_control_c_in_a_step_by_step_migration_can_be_resumed(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    applied.write(
        {
            "2_label.up.sql": "CREATE INDEX CONCURRENTLY ix_a ON item (label);\nCREATE INDEX CONCURRENTLY ix_b ON item (id);",
            "2_label.down.sql": "DROP INDEX ix_a, ix_b;",
        }
    )
    with applied.session(autocommit=False) as blocker, terminal("wizard") as screen:
        screen.expect(QUESTION)
        blocker.execute("INSERT INTO item VALUES (-1)")  # CONCURRENTLY waits for it
        screen.write("y\n")
        screen.expect("waits for pid ")
        screen.control_c()
        assert screen.ended() == 3
        assert "go on with --resume" in flat(screen.shown)
        assert "confiture-migrate apply plan.json --resume" in screen.shown
        blocker.rollback()
    assert applied.ledger() == [("1", "applied"), ("2", "failed")]
    assert applied.one("SELECT doing FROM confiture.ledger WHERE version = '2'") == 0
    done = applied.apply("--resume", "-q")
    assert done.returncode == 0, done.stderr
    valid = "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid IN ('ix_a'::regclass, 'ix_b'::regclass)"
    assert applied.one(valid) == 2


@pytest.mark.slow
def test_somebody_who_waits_is_seen(applied: Project, terminal: Callable[..., Terminal]) -> None:
    applied.write({"2_label.up.sql": "ALTER TABLE item ADD COLUMN price int;\nSELECT pg_sleep(2.5);"})
    with applied.session() as reader, terminal("wizard", columns=200) as screen:
        screen.answer(QUESTION, "y")
        screen.expect("holds ACCESS EXCLUSIVE")
        reader.execute("SELECT count(*) FROM item")
        screen.expect(QUESTION)
        screen.write("quit\n")
        assert screen.ended() == 1
    assert "1 session waiting for this" in screen.shown
    assert "ACCESS EXCLUSIVE on public.item kept everyone out for 2." in screen.shown
    assert "1 session waited for it" in screen.shown


@pytest.mark.parametrize("columns", [80, 200])
def test_no_line_is_wider_than_the_terminal(terminal: Callable[..., Terminal], columns: int) -> None:
    with terminal("wizard", columns=columns) as screen:
        screen.answer(QUESTION, "details")
        screen.answer(QUESTION, "?")
        screen.answer(QUESTION, "y")
        screen.answer(QUESTION, "n")
        screen.ended()
        drawn = [line for line in screen.shown.splitlines() if "\r" not in line]
        assert [line for line in drawn if len(line) > columns] == []


@pytest.mark.parametrize(
    ("arguments", "environment", "colour"),
    [
        ((), {}, True),
        ((), {"NO_COLOR": "1"}, False),
        (("--color", "never"), {}, False),
        ((), {"TERM": "dumb"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
    ],
)
def test_colours(
    terminal: Callable[..., Terminal], arguments: tuple[str, ...], environment: dict[str, str], colour: bool
) -> None:
    still = "dumb" in environment.values() or "never" in arguments
    with terminal("wizard", *arguments, **environment) as screen:
        screen.answer(QUESTION, "y" if still else "quit")
        if still:
            screen.answer(QUESTION, "quit")
        assert screen.ended() == 1
    assert ("\x1b[1m" in screen.raw) is colour
    if still:
        assert "\x1b" not in screen.raw, "nothing moves the cursor either"


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "C"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_ascii(terminal: Callable[..., Terminal], environment: dict[str, str]) -> None:
    with terminal("wizard", **environment) as screen:
        screen.answer(QUESTION, "y")
        screen.answer(QUESTION, "quit")
        assert screen.ended() == 1
    assert screen.raw.isascii()
    assert "\\u" not in screen.raw, "replaced by hand, not escaped"
    assert "-- summary ---" in screen.shown
    assert "* make a snapshot" in screen.shown


def test_without_a_terminal_it_refuses_and_names_the_flags(applied: Project) -> None:
    for arguments in (("wizard",), ("apply", "plan.json", "--interactive")):
        done = applied.run(*arguments)
        assert done.returncode == 2
        for flag in ("--yes", "--skip VERSION", "--during-peak", "--waive RULE@FILE:LINE with --reason TEXT"):
            assert flag in done.stderr
    assert applied.ledger() == [("1", "applied")]


def test_flags_answer_every_question(applied: Project) -> None:
    config = (applied.root / "confiture.yaml").read_text()
    strict = config.replace("data_loss: high", "data_loss: none") + '    peak_hours: "00:00-24:00"\n'
    applied.write({"confiture.yaml": strict, "2_label.up.sql": "ALTER TABLE item DROP COLUMN label;"})
    refused = applied.run("wizard", "--yes")
    assert refused.returncode == 1
    assert "--waive RULE@FILE:LINE with --reason TEXT" in flat(refused.stdout)
    waived = ("--waive", "risk-data-loss@db/migrations/2_label.up.sql:1", "--reason", "nobody reads it")
    at_peak = applied.run("wizard", "--yes", *waived)
    assert at_peak.returncode == 1
    assert "the flag that answers it is --during-peak" in flat(at_peak.stdout)
    assert applied.ledger() == [("1", "applied")]
    skipped = applied.run("wizard", "--yes", "--skip", "2", "--format", "json")
    assert skipped.returncode == 1, "something is still pending"
    document = json.loads(skipped.stdout)
    assert [each["version"] for each in document["applied"]] == ["3"]
    assert (document["skipped"], document["pending"]) == (["2"], [])
    assert {"verb": "added", "what": "table public.copy"} in document["applied"][0]["changes"]
    done = applied.run("wizard", "--yes", *waived, "--during-peak")
    assert done.returncode == 0, done.stdout
    assert "accepted: nobody reads it" in done.stdout
    assert applied.ledger() == [("1", "applied"), ("3", "applied"), ("2", "applied")]
    assert applied.run("wizard", "--yes").stdout.endswith("Nothing is pending.\n")
    assert applied.run("wizard", "--yes", "--skip", "9").returncode == 2


def test_a_reason_given_on_the_screen_is_in_the_plan(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    config = (applied.root / "confiture.yaml").read_text()
    applied.write(
        {
            "confiture.yaml": config.replace("data_loss: high", "data_loss: none"),
            "2_label.up.sql": "ALTER TABLE item DROP COLUMN label;",
        }
    )
    with terminal("wizard") as screen:
        shown = screen.answer("it is not] ", "ticket 881")
        assert "data loss     HIGH    column item.label is dropped" in shown
        assert "In the way: data_loss risk is high; this environment accepts none" in flat(shown), shown[
            -500:
        ]
        screen.answer(QUESTION, "y")
        screen.answer(QUESTION, "quit")
        assert screen.ended() == 1
    plan = json.loads((applied.root / "plan.json").read_text())
    assert [waiver["reason"] for waiver in plan["waivers"]] == ["ticket 881"]
    assert applied.one("SELECT plan_hash FROM confiture.ledger WHERE version = '2'") == plan["hash"]


def test_apply_interactive_asks_about_a_plan(applied: Project, terminal: Callable[..., Terminal]) -> None:
    plan = applied.plan()
    with terminal("apply", "plan.json", "--interactive") as screen:
        screen.answer(QUESTION, "skip")
        screen.answer(QUESTION, "y")
        assert screen.ended() == 1
        assert "2_label  skipped" in screen.shown
    assert applied.ledger() == [("1", "applied"), ("3", "applied")]
    assert json.loads((applied.root / "plan.json").read_text()) == plan, "the reviewed plan stays as it was"
    rest = json.loads((applied.root / "plan.rest.json").read_text())
    assert applied.one("SELECT plan_hash FROM confiture.ledger WHERE version = '3'") == rest["hash"]
    assert applied.run("apply", "plan.json", "--skip", "2").returncode == 2


def test_apply_interactive_goes_on_where_it_stopped(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    applied.plan()
    for number in (2, 3):
        with terminal("apply", "plan.json", "--interactive", "--resume") as screen:
            assert f"{number - 1} of 2: {number}_" in screen.answer(QUESTION, "y")
            if number == 2:
                screen.answer(QUESTION, "quit")
            assert screen.ended() == (1 if number == 2 else 0)
    assert applied.ledger() == [("1", "applied"), ("2", "applied"), ("3", "applied")]


def test_what_is_typed_ahead_is_no_answer(applied: Project, terminal: Callable[..., Terminal]) -> None:
    with terminal("wizard") as screen:
        screen.write("y\ny\n")
        screen.expect(QUESTION)
        screen.control_c()
        assert screen.ended() == 1
    assert applied.ledger() == [("1", "applied")]


def test_whoever_changes_the_schema_meanwhile_is_noticed(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "y")
        screen.expect(QUESTION)
        with applied.session() as other:
            other.execute("CREATE TABLE surprise ()")
        screen.write("y\n")
        assert screen.ended() == 1
        assert "the schema was changed by somebody else" in screen.shown
    assert applied.ledger() == [("1", "applied"), ("2", "applied")]


def test_locks_are_watched_by_a_role_without_rights(applied: Project) -> None:
    seen: list[Moment] = []
    role = f"plain_{applied.database}"
    url = make_conninfo(applied.url, user=role)
    with applied.session() as ours, applied.session() as theirs:
        ours.execute(f"CREATE ROLE {role} LOGIN".encode())
        try:
            ours.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
            with LockWatch(url, lambda: True, seen.append) as watch, ThreadPoolExecutor() as pool:
                with ours.transaction():
                    ours.execute("LOCK TABLE item IN SHARE MODE")
                    waiting = pool.submit(theirs.execute, "UPDATE item SET label = 'y' WHERE id = 1")
                    until(lambda: watch.waited == 1 and bool(watch.locks) and watch.locks[0].seconds > 0.5)
                waiting.result(10)
                held = watch.locks[0].seconds
                until(lambda: bool(seen) and not seen[-1].holds)
                time.sleep(1)
                with ours.transaction():
                    ours.execute("LOCK TABLE item IN SHARE MODE")
                    until(lambda: bool(seen[-1].holds))
        finally:
            ours.execute("SELECT pg_advisory_unlock_all()")
            ours.execute(f"DROP ROLE {role}".encode())
    assert watch.trouble == ""
    (lock,) = watch.locks
    assert (lock.relation, lock.mode, lock.in_step) == ("public.item", LockMode.SHARE, True)
    assert lock.seconds < held + 0.8, "two transactions are not one long lock"


def test_a_server_that_goes_away_between_two_questions_costs_no_summary(
    applied: Project, terminal: Callable[..., Terminal]
) -> None:
    with terminal("wizard") as screen:
        screen.answer(QUESTION, "y")
        screen.expect(QUESTION)
        with applied.shadow.connect() as admin:
            admin.execute(f"ALTER DATABASE {applied.database} RENAME TO {applied.database}_away".encode())
        screen.write("y\n")
        code = screen.ended()
        with applied.shadow.connect() as admin:
            admin.execute(f"ALTER DATABASE {applied.database}_away RENAME TO {applied.database}".encode())
        assert code == 2
        assert "the database does not answer" in flat(screen.shown)
        assert "1 applied in" in screen.shown
    assert applied.ledger() == [("1", "applied"), ("2", "applied")]


def test_a_watch_that_cannot_look_disturbs_nobody(applied: Project) -> None:
    with LockWatch(make_conninfo(applied.url, dbname="gone"), lambda: True, lambda _: None) as watch:
        until(lambda: bool(watch.trouble))
    assert "gone" in watch.trouble
    assert watch.locks == ()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_apply_refuses_in_peak_hours(applied: Project) -> None:
    config = (applied.root / "confiture.yaml").read_text()
    applied.write({"confiture.yaml": config + '    peak_hours: "00:00-24:00 Europe/Paris"\n'})
    applied.plan()
    refused = applied.apply()
    assert refused.returncode == 1
    assert "peak hours until 24:00, and the risk of 2_label is not low; nothing was changed" in refused.stderr
    assert applied.ledger() == [("1", "applied")]
    assert applied.apply("--during-peak").returncode == 0
    applied.write({"confiture.yaml": config + '    peak_hours: "08:00-19:00 Europe/Pariss"\n'})
    wrong = applied.run("wizard", "--yes")
    assert wrong.returncode == 2
    place = f"confiture.yaml:{config.count(chr(10)) + 1}:5: environments.default.peak_hours: "
    assert f"{place}'08:00-19:00 Europe/Pariss': the time zone Europe/Pariss is not known" in wrong.stderr
