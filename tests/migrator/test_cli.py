"""The command line: help with examples, exit codes, progress on a terminal only."""

import os
import pty
import subprocess
import sys

import pytest
from tests.migrator.project import Project

from confiture_migrator.cli.main import COMMANDS, guarded

pytestmark = pytest.mark.pg


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_and_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"  confiture-migrate {command}" in said
    assert "exit codes: 0 done, 1 refused, 2 usage" in said


def test_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded([]) == 0
    assert "confiture-migrate dry-run plan.json" in capsys.readouterr().out
    assert guarded(["--version"]) == 0
    assert guarded(["wizardry"]) == 2
    assert "no command is called wizardry" in capsys.readouterr().err
    assert guarded(["apply"]) == 2
    assert "the following arguments are required: PLAN" in capsys.readouterr().err


def test_without_a_database_in_the_configuration(project: Project) -> None:
    project.write(
        {"confiture.yaml": "version: 1\nmigrations: {roots: [db/migrations]}\n", "1_a.sql": "SELECT 1"}
    )
    done = project.run("status")
    assert done.returncode == 2
    assert "no database is configured: write `environments:" in done.stderr
    assert project.run("status", "--database-url", "env:TEST_DATABASE_URL").returncode == 0
    assert "takes env:VARIABLE" in project.run("status", "--database-url", project.url).stderr


def test_the_process_as_installed(project: Project) -> None:
    project.write({"1_a.sql": "SELECT 1"})
    process = project.start("plan", "--format", "json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith("{")


def on_terminal(project: Project, *arguments: str) -> str:
    """What stderr shows when it is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "confiture_migrator", *arguments],
        cwd=project.root,
        env={**project.variables(), "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait(30)
    os.close(ours)
    return shown.decode()


def test_progress_is_drawn_on_a_terminal_only(project: Project) -> None:
    with project.session() as connection:
        connection.execute("CREATE TABLE s AS SELECT generate_series(1, 20000) AS id")
    fill = "{type: backfill_read_model, config: {source_table: s, target_table: d, source_query: SELECT id FROM s, batch_size: 500}}"
    project.write(
        {
            "1_a.yaml": f"migration:\n  ddl: CREATE TABLE d (id int PRIMARY KEY)\n  hooks: {{after_ddl: [{fill}]}}\n  rollback: {{ddl: DROP TABLE d}}\n"
        }
    )
    project.plan()
    shown = on_terminal(project, "apply", "plan.json")
    assert "backfill_read_model, rows" in shown
    assert "/20000" in shown
    project.good("rollback")
    project.plan()
    assert "/20000" not in on_terminal(project, "apply", "plan.json", "--color", "never")
    project.good("rollback")
    project.plan()
    piped = project.apply()
    assert "/20000" not in piped.stderr
    assert "backfill_read_model  " in piped.stderr


def test_rich_is_not_imported_without_a_terminal(project: Project) -> None:
    project.write({"1_a.sql": "SELECT 1"})
    program = (
        "import sys; from confiture_migrator.cli.main import guarded; guarded(['plan', '-q']); "
        "sys.exit('rich' in sys.modules or 'networkx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project.root,
        env=project.variables(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
