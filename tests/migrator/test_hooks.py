"""Hooks: six phases in order, a savepoint each, timeouts, retries; a failing one rolls everything back."""

import importlib.metadata
import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.migrator.project import Project

from confiture_linter.model import PluginError
from confiture_migrator.errors import MigrateError
from confiture_migrator.hooks import (
    HookContext,
    HookError,
    HookPhase,
    HookResult,
    get_hook,
    hook_names,
    register_hook,
)
from confiture_migrator.hooks.names import name_parts
from confiture_migrator.hooks.registry import BUILT_IN, UnknownHook, unregister_hook

pytestmark = pytest.mark.pg
PHASES = [phase.value for phase in HookPhase]


def note(word: str) -> str:
    return "{type: sql, config: {sql: \"INSERT INTO noted (word) VALUES ('" + word + "')\"}}"


def migration(hooks: Mapping[str, str], ddl: str = "CREATE TABLE made ()", more: str = "") -> str:
    listed = "".join(f"    {phase}: [{text}]\n" for phase, text in hooks.items())
    return f"migration:\n{more}  ddl: {ddl}\n" + (f"  hooks:\n{listed}" if hooks else "")


@pytest.fixture
def noted(project: Project) -> Project:
    """A project whose database has a table that hooks write into."""
    with project.session() as connection:
        connection.execute("CREATE TABLE noted (n int GENERATED ALWAYS AS IDENTITY, word text)")
    return project


def words(project: Project) -> list[str]:
    with project.session() as connection:
        return [word for (word,) in connection.execute("SELECT word FROM noted ORDER BY n")]


def applied(project: Project, *arguments: str) -> Any:
    project.plan()
    return project.apply(*arguments)


def test_phases_in_their_order(noted: Project) -> None:
    every = {phase: f"{note(phase + ' 1')}, {note(phase + ' 2')}" for phase in reversed(PHASES)}
    noted.write({"1_a.yaml": migration(every, "INSERT INTO noted (word) VALUES ('ddl')")})
    configured = "hooks: {" + ", ".join(f"{phase}: [{note(phase + ' 0')}]" for phase in PHASES) + "}\n"
    noted.write({"confiture.yaml": (noted.root / "confiture.yaml").read_text() + configured})
    done = applied(noted, "--log", "json")
    assert done.returncode == 0, done.stderr
    expected = [f"{phase} {number}" for phase in PHASES[:-1] for number in range(3)]
    expected.insert(6, "ddl")
    assert words(noted) == expected
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [e["phase"] for e in events if e["event"] == "phase_completed"] == PHASES[:-1]
    assert [e["event"] for e in events[:3]] == ["migration_start", "hook_start", "hook_completed"]
    assert all({"event", "time", "version"} <= set(event) for event in events)


@pytest.mark.parametrize("phase", PHASES[:-1])
@pytest.mark.parametrize("by_step", [False, True])
def test_a_failing_hook_in_each_phase(noted: Project, phase: str, by_step: bool) -> None:
    hooks = {
        phase: f"{note('before')}, {{type: sql, config: {{sql: SELECT 1/0}}}}, {note('never')}",
        "on_error": note("on_error"),
    }
    more = "  transaction: false\n" if by_step else ""
    noted.write({"1_a.yaml": migration(hooks, more=more)})
    done = applied(noted)
    assert done.returncode == 3
    assert f"hook sql in {phase} failed: DivisionByZero: division by zero" in done.stderr
    assert noted.ledger() == [("1", "failed")]
    if not by_step:
        assert words(noted) == ["on_error"]
        assert not noted.exists("made")
        return
    assert words(noted) == ["before", "on_error"]
    assert noted.exists("made") is (phase not in PHASES[:2])
    assert "go on with --resume (`confiture-migrate apply PLAN --resume`)" in done.stderr
    assert noted.one("SELECT step FROM confiture.ledger") == (2 if noted.exists("made") else 1)


def test_on_error_hooks_hide_nothing(noted: Project) -> None:
    hooks = {"on_error": "{type: sql, config: {sql: SELECT 1/0}}, " + note("second")}
    noted.write({"1_a.yaml": migration(hooks, "SELECT nothing")})
    done = applied(noted)
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    first = next(line for line in lines if line.startswith("error:"))
    assert 'column "nothing" does not exist' in first
    assert any(
        "Besides, db/migrations/1_a.yaml:4: hook sql in on_error failed: DivisionByZero" in line
        for line in lines
    )
    assert words(noted) == ["second"]
    assert 'column "nothing"' in noted.one("SELECT error FROM confiture.ledger")


class Flaky:
    """Fails twice."""

    tries = 0

    def __init__(self, config: Mapping[str, object]) -> None:
        self.config = config

    def execute(self, conn: Any, context: HookContext) -> HookResult:
        type(self).tries += 1
        conn.execute("INSERT INTO noted (word) VALUES (%s)", [f"try {self.tries}"])
        context.stats["seen"] = self.tries
        if self.tries < 3:
            conn.execute("SELECT 1/0")
        return HookResult(5, {"flaky": True}, message="in the end")


class Refusing:
    """Says no without raising."""

    def __init__(self, config: Mapping[str, object]) -> None:
        pass

    def execute(self, conn: Any, context: HookContext) -> HookResult:
        return HookResult(ok=False, message="I would rather not")


class Python:
    """Does what its config says."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.code = str(config["code"])

    def execute(self, conn: Any, context: HookContext) -> None:
        exec(self.code, {"conn": conn, "context": context, "HookError": HookError})


@pytest.fixture
def registered() -> Any:
    for name, factory in (("flaky", Flaky), ("refusing", Refusing), ("python", Python)):
        register_hook(name, factory)  # type: ignore[arg-type]
    Flaky.tries = 0
    yield
    for name in ("flaky", "refusing", "python"):
        unregister_hook(name)


def test_retries_begin_from_a_clean_savepoint(noted: Project, registered: None) -> None:
    noted.write({"1_a.yaml": migration({"after_ddl": "{type: flaky, retries: 2}"})})
    done = applied(noted, "--log", "json")
    assert done.returncode == 0, done.stderr
    assert words(noted) == ["try 3"]
    failed = [json.loads(line) for line in done.stderr.splitlines() if "hook_failed" in line]
    assert [(event["attempt"], event["again"]) for event in failed] == [(1, True), (2, True)]
    assert noted.one("SELECT rows FROM confiture.ledger") == 5


def test_retries_end(noted: Project, registered: None) -> None:
    noted.write({"1_a.yaml": migration({"after_ddl": "{type: flaky, retries: 1}"})})
    assert applied(noted).returncode == 3
    assert words(noted) == []


def test_a_result_that_says_no_fails_the_migration(noted: Project, registered: None) -> None:
    noted.write({"1_a.yaml": migration({"cleanup": "{type: refusing}"})})
    done = applied(noted)
    assert done.returncode == 3
    assert "hook refusing in cleanup failed: I would rather not" in done.stderr
    assert not noted.exists("made")


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(30)",
        "conn.execute('SELECT pg_sleep(30)')",
        "for _ in range(300): conn.execute('SELECT pg_sleep(0.1)')",
        "import time\ntry: time.sleep(30)\nexcept Exception: pass",
    ],
)
def test_timeouts(noted: Project, registered: None, code: str) -> None:
    quoted = json.dumps(code)
    noted.write(
        {
            "1_a.yaml": migration(
                {
                    "after_ddl": f"{{type: python, timeout: 1, config: {{code: {quoted}}}}}",
                    "on_error": note("after"),
                }
            )
        }
    )
    done = applied(noted)
    assert done.returncode == 3
    assert "hook python in after_ddl failed: " in done.stderr
    assert "longer than 1 s" in done.stderr or "statement timeout" in done.stderr
    assert noted.ledger() == [("1", "failed")]
    assert words(noted) == ["after"]
    assert not noted.exists("made")


def test_hooks_share_stats_and_know_where_they_are(noted: Project, registered: None) -> None:
    tell = "context.stats['n'] = context.stats.get('n', 0) + 1; conn.execute('INSERT INTO noted (word) VALUES (%s)', [f\\\"{context.migration} {context.version} {context.phase} {context.environment} {context.dry_run} {context.stats['n']}\\\"])"
    hook = '{type: python, config: {code: "' + tell + '"}}'
    noted.write({"1_a.yaml": migration({"before_ddl": hook, "cleanup": hook})})
    done = applied(noted)
    assert done.returncode == 0, done.stderr
    assert words(noted) == ["1_a 1 before_ddl default False 1", "1_a 1 cleanup default False 2"]


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_a_hook_that_ends_the_transaction(noted: Project, registered: None, end: str) -> None:
    noted.write(
        {
            "1_a.yaml": migration(
                {"after_ddl": f"{{type: python, config: {{code: \"conn.execute('{end}')\"}}}}"}
            )
        }
    )
    done = applied(noted)
    assert done.returncode in (3, 4)
    assert noted.exists("made") is bool([row for row in noted.ledger() if end == "COMMIT"])
    assert ("1", "applied") not in noted.ledger()


def test_hooks_in_python_files(noted: Project) -> None:
    noted.write(
        {
            "1_a.py": "from confiture_migrator.hooks import HookPhase, HookResult\n"
            "class Say:\n    def __init__(self, word): self.word = word\n"
            "    def execute(self, conn, context):\n"
            "        conn.execute('INSERT INTO noted (word) VALUES (%s)', [self.word])\n"
            "class A:\n    hooks = {HookPhase.CLEANUP: [Say('c')], HookPhase.BEFORE_DDL: [Say('b')]}\n"
            "    def up(self, conn): conn.execute(\"INSERT INTO noted (word) VALUES ('up')\")\n"
        }
    )
    assert applied(noted).returncode == 0
    assert words(noted) == ["b", "up", "c"]


def test_rollback_hooks(noted: Project) -> None:
    text = migration({}) + "  rollback:\n    ddl: DROP TABLE made\n    hooks: [" + note("back") + "]\n"
    noted.write({"1_a.yaml": text})
    assert applied(noted).returncode == 0
    noted.good("rollback")
    assert words(noted) == ["back"]


# The registry.


def test_the_ten_built_in_ones() -> None:
    assert len(BUILT_IN) == 10
    assert set(BUILT_IN) <= set(hook_names())
    for name in BUILT_IN:
        assert get_hook(name).__doc__


def test_names() -> None:
    with pytest.raises(UnknownHook, match="did you mean backup_database"):
        get_hook("backup_databas")
    with pytest.raises(MigrateError, match="is there already"):
        register_hook("sql", Refusing)  # type: ignore[arg-type]


class Entry:
    """An entry point of a package."""

    name = "theirs"
    value = "theirs:Hook"

    class dist:  # noqa: N801 - as importlib.metadata has it
        name = "their-package"
        version = "1.2"

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def load(self) -> object:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [ImportError("no module x"), SystemError("x"), 3])
def test_a_package_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    monkeypatch.setattr("confiture_migrator.hooks.registry.entry_points", lambda group: [Entry(answer)])
    with pytest.raises(PluginError, match=r"hook theirs of package their-package 1\.2 "):
        get_hook("theirs")
    assert "theirs" in hook_names()


def test_a_hook_of_a_package(monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    monkeypatch.setattr("confiture_migrator.hooks.registry.entry_points", lambda group: [Entry(Refusing)])
    assert get_hook("theirs") is Refusing  # type: ignore[comparison-overlap]
    assert "theirs                    Says no without raising. (their-package 1.2)" in project.good("hooks")
    listed = json.loads(project.good("hooks", "--format", "json"))
    assert {
        "name": "theirs",
        "origin": "their-package 1.2",
        "description": "Says no without raising.",
    } in listed["hooks"]
    assert listed["phases"] == PHASES
    assert importlib.metadata.entry_points(group="confiture.hooks") is not None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("t", ("t",)),
        ("Public.T", ("public", "t")),
        ('"A b"."c""d"', ("A b", 'c"d')),
        (" s . t ", ("s", "t")),
        ("été", ("été",)),
    ],
)
def test_names_as_postgresql_reads_them(text: str, parts: tuple[str, ...]) -> None:
    assert name_parts(text) == parts


@pytest.mark.parametrize("text", ["", "a.b.c", "t; DROP TABLE x", "t--", "'t'", "a.", '"a', "1t"])
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(HookError):
        name_parts(text)
