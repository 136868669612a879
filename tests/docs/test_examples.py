"""Every example in README and documentation is true (how: tests/docs/blocks.py)."""

import json
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from tests.docs.blocks import Block, Sandbox, blocks, commands, matches, migrates, pages

from confiture_linter.config import parse_config
from confiture_linter.engine.memory import check_texts
from confiture_linter.model import Rule
from confiture_linter.parse import ParseFailure, parse_statements
from confiture_migrator.fleet import read_targets
from confiture_migrator.shadow import Shadow

LANGUAGES = {"console", "json", "python", "sh", "sql", "text", "yaml"}


@pytest.mark.parametrize("page", pages())
def test_blocks_say_what_they_are(page: str) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{page}:{block.line}"


@pytest.mark.parametrize(
    "page", [page for page in pages() if any(b.language == "console" for b in blocks(page))]
)
def test_commands_print_what_the_page_shows(
    page: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = ""
    if migrates(page):
        shadow: Shadow = request.getfixturevalue("shadow")
        url = shadow.dsn(shadow.create_database(f"page_{Path(page).stem}"))
    sandbox = Sandbox(tmp_path, url)
    for block in blocks(page):
        sandbox.tell(block)
        for command, expected in commands(block) if block.language == "console" else ():
            printed = sandbox.run(block, command)
            where = f"{page}:{block.line}: $ {command}"
            assert matches(expected, printed), f"{where}\n{printed}\n(`python -m tests.docs.refresh {page}`)"


@pytest.mark.parametrize("page", pages())
def test_sql_parses(page: str) -> None:
    for block in blocks(page):
        if block.language == "sql":
            try:
                parse_statements(block.text, len(block.text.encode()))
                problem = ""
            except ParseFailure as failure:
                problem = failure.message
            assert bool(problem) is (block.note == "broken"), f"{page}:{block.line}: {problem}"


@pytest.mark.parametrize("page", pages())
def test_yaml_loads(page: str, tmp_path: Path) -> None:
    for block in blocks(page):
        if block.language == "yaml":
            name = block.noted("write") or "confiture.yaml"
            if Path(name).name == "confiture.yaml":
                parse_config(block.text.encode(), f"{page}:{block.line}")
            elif Path(name).name == "targets.yaml":
                file = tmp_path / "targets.yaml"
                file.write_text(block.text)
                assert read_targets(str(file)).waves
            else:
                assert yaml.safe_load(block.text)


@pytest.mark.parametrize("page", pages())
def test_json_and_python_are_well_formed(page: str) -> None:
    for block in blocks(page):
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "python":
            compile(block.text, f"{page}:{block.line}", "exec")


RULES = [block for page in pages() for block in blocks(page) if "@rule(" in block.text]


@pytest.mark.parametrize("block", RULES, ids=lambda block: f"{block.page}:{block.line}")
def test_rules_on_pages_do_what_they_say(block: Block) -> None:
    module = ModuleType("page")
    exec(compile(block.text, f"{block.page}:{block.line}", "exec"), vars(module))
    (shown,) = (value for value in vars(module).values() if isinstance(value, Rule))
    (found,) = check_texts(shown, shown.bad)
    assert isinstance(shown.bad, str)
    assert shown.bad[found.span.start :].startswith(shown.at)
    assert check_texts(shown, shown.good) == []
    assert "*Instead:*" in shown.description


def test_an_ellipsis_stands_for_anything() -> None:
    assert matches("a\n...\nd ... f\n", "a\nb\nc\nd e f\n")
    assert matches("a\n...\nb\n", "a\nb\n")
    assert not matches("a\nd\n", "a\nb\nd\n")
    assert not matches("a\n", "a\nb\n")
