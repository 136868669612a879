"""The screen on docs/wizard.md is the one that the program shows.

`python -m tests.migrator.test_wizard_page` writes today's into the page.
"""

import os
import re
import tempfile
from pathlib import Path

import pytest
from tests.docs.blocks import ROOT, Block, blocks, matches
from tests.migrator.project import Project
from tests.migrator.terminal import Terminal

from confiture_migrator.shadow import Shadow

PAGE = "docs/wizard.md"
QUESTION = "? explains] "


def screen_of(page: str) -> Block:
    (found,) = (block for block in blocks(page) if block.note == "screen")
    return found


def shown(project: Project) -> str:
    """Do what the page tells, and return the screen; what is different every time becomes `...`."""
    later = []
    for block in blocks(PAGE):
        if name := block.noted("write"):
            project.write({name: block.text})
            later += [name] if "/000" in name and "0001" not in name else []
    variables = {**project.variables(), "DATABASE_URL": project.url, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    files = {name: (project.root / name).read_text() for name in later}
    for name in later:
        (project.root / name).unlink()
    first = Terminal(project.command("wizard", "--yes", "--during-peak"), project.root, variables)
    with first:
        assert first.ended() == 0, first.shown
    project.write(files)
    with Terminal(project.command("wizard", "--env", "production"), project.root, variables) as screen:
        screen.answer("it is not] ", "skip")
        screen.answer(QUESTION, "dry-run")
        screen.answer(QUESTION, "y")
        screen.answer("Type yes: ", "yes")
        screen.answer(QUESTION, "y")
        assert screen.ended() == 1, screen.shown
        text = screen.shown
    return varying(f"$ confiture-migrate wizard --env production\n{text}")


def varying(text: str) -> str:
    """Put `...` for server, times and durations, and for what a slow machine adds."""
    text = re.sub(r"(?m)^(  server         ).*$", r"\1db.example.com:5432, PostgreSQL ...", text)
    text = re.sub(r"(?m)^(  database       ).*$", r"\1shop, as deploy", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "... UTC", text)
    text = re.sub(r"(?m)^(  time           ).*(Europe/Paris)", r"\1... \2", text)
    text = re.sub(r"It is \d\d:\d\d in", "It is ... in", text)
    text = re.sub(r"PostgreSQL \d+\.\d+", "PostgreSQL ...", text)
    text = re.sub(r"(?m)^      (holds|still at it|\d+ of 100 rows).*\n", "", text)
    text = re.sub(r"(?m)^(      100 of 100 rows).*$", r"\1 ...", text)
    text = re.sub(r"(?m)(?<!about )(<?\d+(\.\d+)? s)((, \d+ rows?)?)$", r"... s\3", text)
    text = re.sub(r"(applied|through) in .*? s(?=[,\n])", r"\1 in ... s", text)
    text = re.sub(r"(?m)^  Warnings\n(?:  ⚠ .*\n|    .*\n)+\n", "", text)
    return re.sub(r"(?m)^  note: (?!built).*\n", "", text)


@pytest.mark.pg
def test_the_screen_on_the_page_is_true(project: Project) -> None:
    block = screen_of(PAGE)
    today = shown(project)
    assert matches(block.text, today), f"{today}\n(`python -m tests.migrator.test_wizard_page` writes it)"


def main() -> None:
    """Write today's screen into the page."""
    with Shadow.start() as shadow, tempfile.TemporaryDirectory() as folder:
        database = shadow.create_database(f"page_{os.getpid()}")
        today = shown(Project(Path(folder), shadow, database))
    block, path = screen_of(PAGE), ROOT / PAGE
    text = path.read_text("utf-8")
    start, end = block.start, block.start + len(block.text)
    path.write_text(text[:start] + today.rstrip("\n") + "\n" + text[end:], "utf-8")


if __name__ == "__main__":
    main()
