"""Fenced blocks of the documentation, and how they are made true.

The convention, for README.md, CONTRIBUTING.md and every page below docs/:

* ```console``` — lines that begin with `$ ` are run by a shell, with `confiture-lint` on its PATH; the lines after one
  are what it prints, both streams. `...` stands for anything, within a line or, alone on a line, for any lines.
* ```sql``` parses. ```yaml``` is a confiture.yaml that loads. ```json``` parses. ```python``` compiles.
* ```sh``` and ```text``` are not run.

A comment on the line above a block says otherwise (it does not show on the page):

* `<!-- write: PATH -->` writes the block to PATH first; a YAML file of another name is only parsed.
* `<!-- in: DIR -->` runs the commands there; `<!-- in: DIR, database -->` with DATABASE_URL naming an empty database.
* `<!-- broken -->` this SQL does not parse, and is not meant to.

Each page is a story in a folder of its own, which begins with a copy of `examples/`.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(
    r"^(?:<!-- (?P<note>[^>\n]*) -->\n)?(?P<fence>```+)(?P<language>[a-z]*)[^\n]*\n(?P<text>.*?)^(?P=fence)[ ]*$",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A fenced block."""

    page: str
    line: int
    language: str
    text: str
    note: str
    """The comment above it."""
    start: int
    """Where `text` begins in the page."""

    def noted(self, word: str) -> str:
        """What follows `word:` in the comment above, empty if it is not there."""
        told = self.note.partition(", ")[0]
        return told.removeprefix(f"{word}:").strip() if told.startswith(f"{word}:") else ""

    @property
    def wants_database(self) -> bool:
        """Whether its commands are about a database."""
        return self.note.endswith(", database")


def pages() -> list[str]:
    """All pages, those generated from rules left out: tests/rules/test_examples.py proves these."""
    docs = (path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "rules")
    return ["README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(ROOT)) for path in docs)]


def blocks(page: str, text: str | None = None) -> list[Block]:
    """The blocks of a page."""
    text = (ROOT / page).read_text("utf-8") if text is None else text
    return [
        Block(
            page,
            text.count("\n", 0, found.start("fence")) + 1,
            found["language"],
            found["text"],
            found["note"] or "",
            found.start("text"),
        )
        for found in _BLOCK.finditer(text)
    ]


class Command(NamedTuple):
    """A command of a console block and what the page says it prints."""

    command: str
    expected: str


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block."""
    first, *rest = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not first.strip(), f"{block.page}:{block.line}: a console block begins with `$ `"
    for part in rest:
        command, _, expected = part.partition("\n")
        yield Command(command, expected)


def matches(expected: str, printed: str) -> bool:
    """Whether a text is what the page shows, `...` standing for anything."""
    pattern = ""
    for line in expected.rstrip("\n").splitlines(keepends=True):
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.rstrip("\n").split("...")) + r"[ ]*\n"
    printed = "".join(f"{line.rstrip()}\n" for line in printed.rstrip("\n").splitlines())
    return re.fullmatch(pattern, printed) is not None


_PROGRAMS = (
    ("confiture-lint", "-m confiture_linter"),
    ("confiture-migrate", "-m confiture_migrator"),
    ("python", ""),
)


class Sandbox:
    """The folder in which the story of one page happens."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.database_url = database_url
        self.root = folder / "work"
        shutil.copytree(ROOT / "examples", self.root / "examples", ignore=shutil.ignore_patterns(".*"))
        (self.root / ".git").mkdir()  # no configuration is looked for above it
        programs = folder / "bin"
        programs.mkdir()
        for name, options in _PROGRAMS:
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {options} "$@"\n')
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        unwanted = ("DATABASE_URL", "GITHUB_ACTIONS", "FORCE_COLOR", "CONFITURE_TRACEBACK", "CI_PROJECT_DIR")
        self.environment = {key: value for key, value in os.environ.items() if key not in unwanted} | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("linter", "rules", "migrator")),
            "CONFITURE_CACHE_DIR": str(folder / "cache"),
            "COLUMNS": "90",
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
        }

    def tell(self, block: Block) -> None:
        """Do what the comment above a block asks for."""
        name = block.noted("write")
        if name:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")

    def run(self, block: Block, command: str) -> str:
        """Run one command and return what it prints."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.root / block.noted("in"),
            env=self.environment | ({"DATABASE_URL": self.database_url} if block.wants_database else {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        return done.stdout.decode("utf-8", "replace")
