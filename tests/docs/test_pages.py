"""Generated pages are what the program would write today; links lead somewhere."""

import re

import pytest
from tests.docs.blocks import ROOT, pages
from tests.generate.pages import stale

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")


def test_generated_pages_are_fresh() -> None:
    assert stale() == [], "run `python -m tests.generate.pages`"


@pytest.mark.parametrize("page", [*pages(), "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for found in LINK.finditer(re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)):
        if not found["target"].startswith(("https://", "http://")):
            assert (path.parent / found["target"]).exists(), f"{page}: {found['target']}"


def test_readme_has_the_two_commands_that_ci_runs() -> None:
    """`.ci/run` takes the first as it stands, and runs what the second does after installing."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    commands = [line for line in lines if line.startswith("python3 -m venv .venv && ")]
    assert [line.split(" && ")[-1] for line in commands] == [
        "../../.venv/bin/confiture-migrate dry-run plan.json",
        ".venv/bin/python -m pytest -n auto",
    ]


def test_nothing_is_left_to_fill_in() -> None:
    """A rule from the template (tests/generate/new_rule.py) is not finished while it says so."""
    folder = ROOT / "rules/confiture_rules"
    assert [str(path) for path in folder.rglob("*.py") if "FILL IN" in path.read_text("utf-8")] == []


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs/adr"
    index = (folder / "index.md").read_text("utf-8")
    assert all(path.name in index for path in folder.glob("0*.md"))
