"""What each format prints for one report; `CONFITURE_UPDATE_GOLDEN=1` rewrites the files."""

import os
from pathlib import Path

import pytest
from tests.report.sample import CLEAR, REPORT

from confiture_linter.model import Report
from confiture_linter.report import FORMATS, RenderOptions, load

GOLDEN = Path(__file__).parent / "data" / "golden"
OPTIONS = RenderOptions(root="/home/anna/shop", docs_url="https://docs.example/", version="1.2.3")
FULL = OPTIONS._replace(color=True, verbose=True, statistics=True)

NO_GOLDEN = frozenset({"html"})
"""Most of it is the page itself: tests/report/test_html.py looks at what it shows."""

CASES = {
    "text.txt": ("text", REPORT, OPTIONS),
    "text-full.ansi": ("text", REPORT, FULL),
    "text-ascii.txt": ("text", REPORT, FULL._replace(color=False, ascii=True, width=60)),
    "concise.txt": ("concise", REPORT, OPTIONS),
    "concise-verbose.txt": ("concise", REPORT, FULL),
    "findings.json": ("json", REPORT, OPTIONS),
    "lsp.json": ("lsp", REPORT, OPTIONS),
    "sarif.json": ("sarif", REPORT, OPTIONS),
    "github.txt": ("github", REPORT, OPTIONS),
    "gitlab.json": ("gitlab", REPORT, OPTIONS),
} | {f"clear-{name}.txt": (name, CLEAR, RenderOptions()) for name in FORMATS if name not in NO_GOLDEN}


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    format_name, report, options = CASES[name]
    _compare(GOLDEN / name, format_name, report, options)


def _compare(path: Path, format_name: str, report: Report, options: RenderOptions) -> None:
    rendered = load(format_name)(report, options).encode()
    if os.environ.get("CONFITURE_UPDATE_GOLDEN"):
        path.write_bytes(rendered)
    assert rendered.decode() == path.read_bytes().decode()
    assert rendered.endswith(b"\n")
    assert not rendered.endswith(b"\n\n")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)
