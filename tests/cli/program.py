"""Runs the real program, as a user or a CI job does: a process, arguments, exit code, two streams."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

MARK = "good.sql:1:43: error missing-object type missing_type does not exist"
"""What `good.sql` of every bad tree must still be reported as."""
GOOD = "CREATE TABLE ok (id bigint PRIMARY KEY, x missing_type);\n"


class Run(NamedTuple):
    """The outcome of one process."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**changes: str | None) -> dict[str, str]:
    """The environment of this process without what would change the answer, and with a way to the sources."""
    unwanted = (
        "GITHUB_ACTIONS",
        "NO_COLOR",
        "FORCE_COLOR",
        "CI_PROJECT_DIR",
        "CONFITURE_TRACEBACK",
        "COLUMNS",
    )
    env = {key: value for key, value in os.environ.items() if key not in unwanted}
    env["PYTHONPATH"] = os.pathsep.join(str(ROOT / part) for part in ("linter", "rules", "migrator"))
    env["LC_ALL"] = "C.UTF-8"
    for key, value in changes.items():
        if value is None:
            env.pop(key, None)
        else:
            env[key] = value
    return env


def lint(
    *arguments: str | bytes,
    cwd: Path | str,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    timeout: float = 60,
    before: Callable[[], None] | None = None,
) -> Run:
    """Run `confiture-lint`; whatever it was given, it must not crash."""
    done = subprocess.run(
        [sys.executable, "-m", "confiture_linter", *arguments],
        cwd=cwd,
        env=dict(env) if env is not None else environment(CONFITURE_CACHE_DIR=f"{cwd}/.cache"),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=timeout,
        check=False,
        preexec_fn=before,
    )
    run = Run(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
    assert "Traceback" not in run.err, run.err
    assert "internal error" not in run.err, run.err
    assert "Please report this" not in run.err, run.err
    assert run.code in (0, 1, 2), run
    if run.code == 2:
        assert run.err.startswith("error: "), run
    return run


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a tree of files below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
