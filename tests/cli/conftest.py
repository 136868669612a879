"""A tree to work in, and the program called without the cost of a process."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.program import Run

from confiture_linter.cli.main import guarded

Lint = Callable[..., Run]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and nothing in the environment that changes the answer."""
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONFITURE_CACHE_DIR", str(tmp_path / ".cache"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def lint(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Call `confiture-lint` in this process, with all but the outermost border of the real one."""

    def call(*arguments: str, stdin: bytes = b"") -> Run:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        code = guarded(arguments)
        out, err = capsys.readouterr()
        assert "internal error" not in err, err
        assert "Please report this" not in err, err
        return Run(code, out, err)

    return call
