"""Fixes: applied, silent, idempotent; nothing else in the file changes."""

import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Lint
from tests.cli.program import write

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import AnyRule, load_rules

RULES = load_rules(entry_points=False)


def files_of(rule: AnyRule) -> dict[str, str]:
    return {"example.sql": rule.bad} if isinstance(rule.bad, str) else dict(rule.bad)


FIXABLE = [rule for rule in RULES if any(finding.fix for finding in check_texts(rule, rule.bad))]


def test_there_are_fixes() -> None:
    assert {"no-char-type", "prefer-jsonb", "foreign-key-without-index"} <= {rule.name for rule in FIXABLE}


def fixed(lint: Lint, here: Path, rule: AnyRule, change: str = "") -> dict[str, bytes]:
    """Write the bad example of a rule, fix it, and check what must hold for every fix."""
    config = rule.config or "{}\n"
    files = {
        path: text.replace("\n", "\r\n").encode() if change == "crlf" else text.encode()
        for path, text in files_of(rule).items()
    }
    write(here, {**files, "confiture.yaml": config})
    options = ("--select", rule.name, "--format", "json")
    before = lint("check", *options).json["findings"]
    assert any(finding["fix"] for finding in before if finding["rule"] == rule.name)
    after = lint("check", *options, "--unsafe-fixes").json["findings"]
    assert [f for f in after if f["fix"] or f["rule"] == "syntax-error"] == []
    assert len([f for f in after if f["rule"] == rule.name]) < len(before)
    texts = {path: (here / path).read_bytes() for path in files}
    assert texts != files
    assert lint("check", *options, "--unsafe-fixes").json["findings"] == after
    assert {path: (here / path).read_bytes() for path in files} == texts, "a second time changes nothing"
    return texts


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.name)
def test_every_fix(lint: Lint, here: Path, rule: AnyRule) -> None:
    fixed(lint, here, rule)


@pytest.mark.parametrize("rule", FIXABLE, ids=lambda rule: rule.name)
def test_line_ends_are_kept(lint: Lint, here: Path, rule: AnyRule) -> None:
    for text in fixed(lint, here, rule, "crlf").values():
        assert text.count(b"\n") == text.count(b"\r\n")


CHAR = "-- é😀\nCREATE TABLE a (id bigint PRIMARY KEY, c char(3), d char(4)); -- end"


def select(*options: str) -> tuple[str, ...]:
    return ("check", "--select", "no-char-type", *options)


def test_what_is_unsafe_needs_to_be_asked_for(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": CHAR})
    run = lint(*select("--fix"))
    assert run.code == 1
    assert (here / "a.sql").read_text() == CHAR
    assert lint(*select("--unsafe-fixes")).code == 0
    assert (here / "a.sql").read_text() == CHAR.replace("char(3)", "text").replace("char(4)", "text")


def test_a_difference_changes_nothing(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": CHAR + "\n", "b.sql": "SELECT 1;"})
    run = lint(*select("--unsafe-fixes", "--diff"))
    assert run.code == 1
    assert (here / "a.sql").read_text() == CHAR + "\n"
    assert run.out.startswith("--- a/a.sql\n+++ b/a.sql\n")
    assert "b.sql" not in run.out
    assert run.err == ""
    subprocess.run(["patch", "-p1"], input=run.out, text=True, check=True, cwd=here, capture_output=True)
    assert lint(*select()).code == 0


def test_a_difference_of_a_file_without_a_last_line_end(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": CHAR})
    run = lint(*select("--unsafe-fixes", "--diff"))
    subprocess.run(["patch", "-p1"], input=run.out, text=True, check=True, cwd=here, capture_output=True)
    assert (here / "a.sql").read_text() == CHAR.replace("char(3)", "text").replace("char(4)", "text")


def test_a_difference_where_nothing_can_be_fixed(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "SELECT 1;"})
    run = lint(*select("--diff"))
    assert (run.code, run.out, run.err) == (0, "", "")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfCREATE TABLE a (id bigint PRIMARY KEY, c char(3));\r\n",
        b"CREATE TABLE ${schema}.a (id bigint PRIMARY KEY, c char(3));\n",
        b"\\set x 1\nCREATE TABLE a (id bigint PRIMARY KEY, c char(3));\n",
        b"COPY b FROM stdin;\n1\tchar(3)\n\\.\nCREATE TABLE a (id bigint PRIMARY KEY, c char(3));",
        b"CREATE TABLE a (id bigint PRIMARY KEY, c char(3)); -- caf\xe9\n",
    ],
    ids=["bom", "placeholder", "psql", "copy", "latin-1"],
)
def test_the_rest_of_the_file_is_kept(here: Path, lint: Lint, text: bytes) -> None:
    config = "schema: {placeholders: {'${schema}': app}}\n"
    write(here, {"a.sql": text, "confiture.yaml": config})
    lint(*select("--unsafe-fixes"))
    head, tail = text.rsplit(b"char(3)", 1)
    assert (here / "a.sql").read_bytes() == head + b"text" + tail


def test_what_is_suppressed_is_not_fixed(here: Path, lint: Lint) -> None:
    text = f"-- confiture: ignore no-char-type -- fixed width\n{CHAR}"
    write(here, {"a.sql": text})
    assert lint(*select("--unsafe-fixes")).code == 0
    assert (here / "a.sql").read_text() == text


def test_only_the_paths_given_are_fixed(here: Path, lint: Lint) -> None:
    write(
        here,
        {
            "confiture.yaml": "schema: {roots: [db]}\n",
            "db/a.sql": CHAR,
            "db/b.sql": CHAR.replace(" a ", " b "),
        },
    )
    assert lint(*select("--unsafe-fixes", "db/a.sql")).code == 0
    assert "char" not in (here / "db/a.sql").read_text()
    assert "char(3)" in (here / "db/b.sql").read_text()


SAFE = '''\
from confiture_linter.catalog import Table
from confiture_linter.model import Edit, Fix, Severity, Span, rule


@rule(name="shout", subject=Table, severity=Severity.ERROR, bad="create table a ();", good="CREATE TABLE a ();", at="create")
def check(table, ctx):
    """A keyword is written small.

    *Instead:* shout.
    """
    start = table.span.start
    if ctx.text(table.path)[start : start + 6] == b"create":
        fix = Fix("shout", (Edit(table.path, Span(start, start + 6), "CREATE"),))
        yield table.finding("small").__class__(*table.finding("small"))._replace(fix=fix)
'''


def test_safe_fixes(here: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "plug").mkdir()
    monkeypatch.syspath_prepend(here / "plug")
    write(here, {"plug/shouting_rules.py": SAFE, "confiture.yaml": "lint: {plugins: [shouting_rules]}\n"})
    text = "create table a (x int primary key);\r\ncreate table b (x int primary key); create table é (x int primary key);"
    write(here, {"a.sql": text})
    assert lint("check").code == 1
    assert lint("check", "--fix").code == 0
    assert (here / "a.sql").read_bytes().decode() == text.replace("create", "CREATE")


def test_two_rules_that_disagree_come_to_an_end(
    here: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "plug").mkdir()
    monkeypatch.syspath_prepend(here / "plug")
    small = (
        SAFE.replace("shout", "whisper").replace('b"create"', 'b"CREATE"').replace('"CREATE"),', '"create"),')
    )
    write(
        here,
        {
            "plug/loud.py": SAFE,
            "plug/quiet_rules.py": small,
            "confiture.yaml": "lint: {plugins: [loud, quiet_rules]}\n",
            "a.sql": "create table a (x int primary key);",
        },
    )
    assert lint("check", "--fix").code == 1
    assert (here / "a.sql").read_text().lower() == "create table a (x int primary key);"


def test_a_file_that_cannot_be_written(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": CHAR})
    (here / "b.sql").symlink_to("/proc/version")
    assert lint(*select("--unsafe-fixes")).code in (0, 1, 2)
