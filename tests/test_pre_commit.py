"""The hooks of .pre-commit-hooks.yaml, in pre-commit itself: installed from a clone, on good and bad commits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("linter", "rules", "migrator", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")

GOOD = "CREATE TABLE a (id bigint PRIMARY KEY);\n"
BAD = "CREATE VIEW v AS SELECT id FROM nowhere;\n"

pytestmark = pytest.mark.slow


class Repository:
    """A git repository and how to work in it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        keep = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON"))}
        # `git commit` runs the hook with the pre-commit of this environment.
        self.environment = keep | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{keep['PATH']}",
            "PRE_COMMIT_HOME": str(home),
            "PRE_COMMIT_COLOR": "never",
            "CONFITURE_CACHE_DIR": str(home / "cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        self.do("git", "init", "--quiet", "--initial-branch=main", ".")

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command here; exit code and both streams."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return done.returncode, done.stdout

    def do(self, *command: str) -> str:
        """Run a command that must succeed."""
        code, output = self.run(*command)
        assert code == 0, output
        return output

    def write(self, **files: str) -> None:
        """Write and stage files; `__` in a name is its dot."""
        for name, text in files.items():
            (self.folder / name.replace("__", ".")).write_text(text)
        self.do("git", "add", "--all")

    def commit(self) -> tuple[int, str]:
        """Commit what is staged."""
        return self.run("git", "commit", "--quiet", "-m", "change")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repository:
    """This project as it is now, committed: what a user's configuration points to."""
    made = Repository(tmp_path_factory.mktemp("hooks"), home)
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, made.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, made.folder)
    made.do("git", "add", "--all")
    made.do("git", "commit", "--quiet", "-m", "hooks")
    return made


def skip_without_index(code: int, output: str) -> None:
    """pre-commit makes its environment with pip: without a package index there is nothing to test."""
    signs = ("NewConnectionError", "NameResolutionError", "No matching distribution found", "ProxyError")
    if code != 0 and any(sign in output for sign in signs):
        pytest.skip(f"pre-commit cannot make its environment: {output.strip().splitlines()[-1]}")


@pytest.fixture
def project(tmp_path: Path, home: Path, hooks: Repository) -> Repository:
    """A user's repository with both hooks installed."""
    made = Repository(tmp_path / "project", home)
    revision = hooks.do("git", "rev-parse", "HEAD").strip()
    configuration = (
        f"repos:\n  - repo: {hooks.folder}\n    rev: {revision}\n"
        "    hooks: [{id: confiture-lint}, {id: confiture-lint-config}]\n"
    )
    made.write(**{"__pre-commit-config__yaml": configuration})
    code, output = made.run("pre-commit", "install", "--install-hooks")
    skip_without_index(code, output)
    assert code == 0, output
    return made


def test_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(command, check=False).returncode == 0


def test_commits_are_let_through_or_refused(project: Repository) -> None:
    project.write(a__sql=GOOD)
    code, output = project.commit()
    assert code == 0, output

    project.write(v__sql=BAD)
    code, output = project.commit()
    assert code == 1, output
    assert "error[missing-object]: table or view nowhere does not exist" in output
    assert "v.sql:1:" in output

    project.write(v__sql=BAD.replace("nowhere", "a"))
    code, output = project.commit()
    assert code == 0, output

    # A change in one file breaks another, which is not in the commit.
    project.write(a__sql=GOOD.replace("TABLE a", "TABLE b"))
    code, output = project.commit()
    assert code == 1, output
    assert "v.sql:1:" in output
    project.do("git", "reset", "--quiet", "--hard")

    project.write(confiture__yaml="version: 1\nscema: {roots: [.]}\n")
    code, output = project.commit()
    assert code == 1, output
    assert "confiture.yaml:2:1: unknown key scema" in output
    assert "(no files to check)Skipped" in output


def test_try_repo(tmp_path: Path, home: Path, hooks: Repository) -> None:
    """`pre-commit try-repo`, with which one looks at hooks before using them."""
    project = Repository(tmp_path / "project", home)
    project.write(try__sql="CREATE TABLE try (id bigint);\n")
    code, output = project.run("pre-commit", "try-repo", str(hooks.folder), "confiture-lint", "--verbose")
    skip_without_index(code, output)
    assert code == 1, output
    assert "warning[missing-primary-key]: table try has no primary key" in output
    project.write(try__sql="CREATE TABLE try (id bigint PRIMARY KEY);\n")
    code, output = project.run("pre-commit", "try-repo", str(hooks.folder), "confiture-lint")
    assert code == 0, output
