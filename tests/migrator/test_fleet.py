"""One plan for many databases: waves, a canary first, stop on failure, resume, one report."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.migrator.project import Project

from confiture_linter.model import ConfigError
from confiture_migrator.events import Recorder
from confiture_migrator.fleet import Fleet, Member, State, Wave, read_targets, run_fleet
from confiture_migrator.fleet.run import TargetCompleted
from confiture_migrator.fleet.work import Work

pytestmark = pytest.mark.pg
TENANTS = ("acme", "bolt", "cask")
TARGETS = """\
waves:
  - name: canary
    targets: [{name: acme, database_url: "${ACME_URL}"}]
  - name: everyone
    parallel: 2
    targets:
      - {name: bolt, database_url: "${BOLT_URL}"}
      - {name: cask, database_url: "${CASK_URL}"}
"""


@pytest.fixture
def fleet(project: Project) -> Iterator[Project]:
    """A project whose database was made into three of the same schema."""
    project.write({"0001_a.sql": "CREATE TABLE a (id int);", "targets/targets.yaml": TARGETS})
    for name in TENANTS:
        project.environment[f"{name.upper()}_URL"] = project.shadow.dsn(f"{project.database}_{name}")
        project.shadow.create_database(f"{project.database}_{name}")
    yield project
    for name in TENANTS:
        project.shadow.drop_database(f"{project.database}_{name}")


def tables(project: Project, tenant: str) -> set[str]:
    with project.shadow.connect(f"{project.database}_{tenant}") as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return {name for (name,) in found.fetchall()}


def apply(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return project.apply("--targets", "targets/targets.yaml", *arguments)


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    document = json.loads(done.stdout)
    return {each["name"]: each["state"] for wave in document["waves"] for each in wave["targets"]}


def test_one_plan_is_applied_everywhere_and_again_changes_nothing(fleet: Project) -> None:
    fleet.plan()
    done = apply(fleet, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert states(done) == dict.fromkeys(TENANTS, "applied")
    document = json.loads(done.stdout)
    assert [wave["name"] for wave in document["waves"]] == ["canary", "everyone"]
    assert document["waves"][0]["targets"][0]["applied"] == ["0001"]
    assert all(tables(fleet, tenant) == {"a"} for tenant in TENANTS)
    assert done.stderr.index("canary: acme applied") < done.stderr.index("everyone: bolt begins")
    again = apply(fleet, "--format", "json")
    assert states(again) == dict.fromkeys(TENANTS, "unchanged")
    for url in (fleet.environment[f"{name.upper()}_URL"] for name in TENANTS):
        assert url not in done.stdout + done.stderr


def test_a_canary_that_fails_keeps_everyone_else_as_they_were(fleet: Project) -> None:
    fleet.write(
        {"0002_b.sql": "CREATE TABLE b (id int);\nSELECT 1 / current_setting('tenant.divisor')::int;"}
    )
    name = f"{fleet.database}_acme"
    for tenant, divisor in zip(TENANTS, "011", strict=True):
        with fleet.shadow.connect(f"{fleet.database}_{tenant}") as connection:
            connection.autocommit = True
            connection.execute(f'ALTER DATABASE "{fleet.database}_{tenant}" SET tenant.divisor = {divisor}')
    fleet.plan()
    done = apply(fleet, "--format", "json")
    assert done.returncode == 3
    assert states(done) == {"acme": "failed", "bolt": "not_started", "cask": "not_started"}
    assert tables(fleet, "acme") == {"a"}  # its first migration is there, the second rolled back
    assert tables(fleet, "bolt") == set()
    assert "division by zero" in json.loads(done.stdout)["waves"][0]["targets"][0]["error"]

    with fleet.shadow.connect(name) as connection:
        connection.autocommit = True
        connection.execute(f'ALTER DATABASE "{name}" SET tenant.divisor = 1')
    assert apply(fleet).returncode == 1, "half of the plan is in one of them: only --resume goes on"
    done = apply(fleet, "--resume")
    assert done.returncode == 0, done.stderr
    assert all(tables(fleet, tenant) == {"a", "b"} for tenant in TENANTS)
    assert done.stdout.splitlines()[-1] == "3 applied"


def test_nothing_is_begun_while_the_plan_does_not_fit_everywhere(fleet: Project) -> None:
    fleet.plan()
    with fleet.shadow.connect(f"{fleet.database}_cask") as connection:
        connection.autocommit = True
        connection.execute("CREATE TABLE stray ()")
    del fleet.environment["BOLT_URL"]
    done = apply(fleet)
    assert done.returncode == 1
    assert "the plan is stale" in done.stdout
    assert "bolt: the environment variable BOLT_URL is not set" in done.stdout
    assert tables(fleet, "acme") == set()


def test_one_database_under_two_names_is_refused(fleet: Project) -> None:
    fleet.plan()
    fleet.environment["CASK_URL"] = fleet.environment["BOLT_URL"]
    done = apply(fleet)
    assert done.returncode == 1
    assert "is the same database as bolt" in done.stdout
    assert tables(fleet, "acme") == set()


def test_a_process_that_is_killed_is_told_as_unknown(fleet: Project) -> None:
    fleet.write({"0002_b.sql": "SELECT pg_sleep(60);"})
    fleet.plan()
    running = fleet.start("apply", "plan.json", "--targets", "targets/targets.yaml", "--format", "json")
    worker = 0
    for _ in range(200):
        with fleet.session() as connection:
            asleep = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%%' AND datname = %s",
                [f"{fleet.database}_acme"],
            ).fetchone()
        if asleep == (1,):
            worker = next(pid for pid in children(running.pid) if "spawn_main" in command_line(pid))
            break
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 4
    found = {each["name"]: each["state"] for wave in json.loads(out)["waves"] for each in wave["targets"]}
    assert found == {"acme": "unknown", "bolt": "not_started", "cask": "not_started"}


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def threads(count: int) -> Executor:
    return ThreadPoolExecutor(count)


def test_failures_are_borne_up_to_the_number_that_is_allowed(
    fleet: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.write({"0002_b.sql": "SELECT 1 / (current_database() !~ 'acme')::int;"})
    fleet.plan()
    for name, url in fleet.variables().items():
        monkeypatch.setenv(name, url)
    members = [Member(name, f"${{{name.upper()}_URL}}") for name in TENANTS]
    made = Fleet((Wave("first", tuple(members[:1])), Wave("rest", tuple(members[1:]), 2, 7)), max_failures=1)
    pauses: list[float] = []
    recorder = Recorder()

    def work(wave: str, name: str) -> Work:
        return Work(
            str(fleet.root / "confiture.yaml"),
            str(fleet.root / "plan.json"),
            "default",
            Member(name, f"${{{name.upper()}_URL}}"),
            wave,
        )

    report = run_fleet(made, work, threads, recorder, pauses.append)
    assert [result.state for result in report.results] == [State.FAILED, State.APPLIED, State.APPLIED]
    assert pauses == [7]
    assert sum(isinstance(event, TargetCompleted) for event in recorder.events) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1:1: is empty"),
        ("waves: []", "there are no waves"),
        ("waves: [{name: a, targets: []}]", "wave a has no targets"),
        (
            "waves: [{name: a, targets: [{name: x, database_url: 'postgresql://u:secret@h/d'}]}]",
            "holds a password",
        ),
        (
            "waves:\n  - name: a\n    targets: [{name: x, database_url: '${X}'}, {name: x, database_url: '${Y}'}]",
            ":3:48: x comes twice",
        ),
        ("waves: [{name: a, paralel: 2, targets: [{name: x, database_url: '${X}'}]}]", "paralel"),
    ],
)
def test_a_file_of_targets_says_where_it_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "targets.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_targets(str(path))
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)
