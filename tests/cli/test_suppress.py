"""Suppression comments, seen from outside."""

from pathlib import Path

import pytest
from tests.cli.conftest import Lint
from tests.cli.program import write

TABLE = "CREATE TABLE a (x int);"


def found(lint: Lint, sql: str, *options: str) -> tuple[list[str], list[str]]:
    """Rules of findings that count, and of those that a comment silences."""
    write(Path(), {"a.sql": sql})
    findings = lint("check", "--format", "json", *options).json["findings"]
    return (
        [f["rule"] for f in findings if f["suppressed"] is None],
        [f["rule"] for f in findings if f["suppressed"] is not None],
    )


SILENCED = ([], ["missing-primary-key"])

SILENT = {
    "above": f"-- confiture: ignore missing-primary-key -- a log\n{TABLE}",
    "above and apart": f"-- confiture: ignore missing-primary-key -- a log\n\n-- another comment\n{TABLE}",
    "inside": "CREATE TABLE a (\n  x int -- confiture: ignore missing-primary-key -- a log\n);",
    "block": f"/* confiture: ignore missing-primary-key -- a log */ {TABLE}",
    "block inside": "CREATE TABLE a (x int /* confiture: ignore missing-primary-key */);",
    "family": f"-- confiture: ignore keys -- a log\n{TABLE}",
    "no reason": f"-- confiture: ignore missing-primary-key\n{TABLE}",
    "no space": f"--confiture:ignore missing-primary-key--a log\n{TABLE}",
    "file": f"SELECT 1;\n{TABLE}\n-- confiture: ignore-file missing-primary-key -- logs",
    "file, family": f"-- confiture: ignore-file keys -- logs\nSELECT 1;\n{TABLE}",
    "crlf": f"-- confiture: ignore missing-primary-key -- a log\r\n{TABLE}\r\n",
}


@pytest.mark.parametrize("name", SILENT)
def test_silent(lint: Lint, here: Path, name: str) -> None:
    assert found(lint, SILENT[name]) == SILENCED


def test_two_rules_with_one_comment(lint: Lint, here: Path) -> None:
    sql = "-- confiture: ignore missing-primary-key, prefer-timestamptz -- old\nCREATE TABLE a (x timestamp);"
    assert found(lint, sql) == ([], ["missing-primary-key", "prefer-timestamptz"])


def test_only_the_statement(lint: Lint, here: Path) -> None:
    comment = "-- confiture: ignore missing-primary-key -- a log\n"
    assert found(lint, f"{comment}{TABLE}\nCREATE TABLE b (x int);") == (
        ["missing-primary-key"],
        ["missing-primary-key"],
    )
    assert found(lint, f"{TABLE}\n{comment}CREATE TABLE b (x int);") == (
        ["missing-primary-key"],
        ["missing-primary-key"],
    )


NOT_A_COMMENT = {
    "string": f"SELECT '-- confiture: ignore-file missing-primary-key';\n{TABLE}",
    "dollar string": f"SELECT $$\n-- confiture: ignore-file missing-primary-key\n$$;\n{TABLE}",
    "identifier": f'SELECT 1 AS "-- confiture: ignore-file missing-primary-key";\n{TABLE}',
    "escape string": f"SELECT E'\\'-- confiture: ignore-file missing-primary-key';\n{TABLE}",
    "nested": f"/* see /* confiture: ignore-file missing-primary-key */ */\n{TABLE}",
    "in a sentence": f"-- write confiture: ignore-file missing-primary-key -- there\n{TABLE}",
    "other word": f"-- confiture: ignored missing-primary-key\n{TABLE}",
}


@pytest.mark.parametrize("name", NOT_A_COMMENT)
def test_not_a_comment(lint: Lint, here: Path, name: str) -> None:
    assert found(lint, NOT_A_COMMENT[name]) == (["missing-primary-key"], [])


def test_unknown_and_unused(lint: Lint, here: Path) -> None:
    sql = "-- confiture: ignore missing-primry-key, prefer-timestamptz -- why\n" + TABLE
    assert found(lint, sql) == (["unknown-suppression", "unused-suppression", "missing-primary-key"], [])
    assert found(lint, "-- confiture: ignore -- why\n" + TABLE) == (
        ["unknown-suppression", "missing-primary-key"],
        [],
    )
    assert (
        found(lint, f"{TABLE[:-1]}\n-- confiture: ignore-file missing-primary-key, keys -- x\n;") == SILENCED
    )


def test_a_rule_that_is_off_is_not_unused(lint: Lint, here: Path) -> None:
    sql = "-- confiture: ignore prefer-timestamptz -- why\nCREATE TABLE a (x bigint PRIMARY KEY);"
    assert found(lint, sql, "--select", "missing-primary-key") == ([], [])
    assert found(lint, sql, "--ignore", "types") == ([], [])
    assert found(lint, sql) == (["unused-suppression"], [])


def test_an_unused_suppression_cannot_be_suppressed(lint: Lint, here: Path) -> None:
    sql = "-- confiture: ignore-file unused-suppression -- why\nSELECT 1;"
    assert found(lint, sql) == (["unused-suppression"], [])


def test_reasons_can_be_asked_for(lint: Lint, here: Path) -> None:
    sql = f"-- confiture: ignore missing-primary-key\n{TABLE}"
    assert found(lint, sql, "--select", "missing-primary-key,reasonless-suppression") == (
        ["reasonless-suppression"],
        ["missing-primary-key"],
    )


def test_the_reason_is_kept(lint: Lint, here: Path) -> None:
    write(here, {"a.sql": SILENT["above"]})
    finding = lint("check", "--format", "json").json["findings"][0]
    assert finding["suppressed"] == {"kind": "comment", "reason": "a log"}


@pytest.mark.parametrize("name", ["syntax-error", "robustness", "all"])
def test_syntax_errors_cannot_be_suppressed(lint: Lint, here: Path, name: str) -> None:
    for scope in ("ignore", "ignore-file"):
        sql = f"-- confiture: {scope} {name} -- no\nSELEC 1;"
        assert "syntax-error" in found(lint, sql)[0]


BODY = """\
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  %sINSERT INTO nowhere VALUES (1);%s
  INSERT INTO nowhere VALUES (2);
END $$;
"""


def test_a_comment_inside_a_function_body(lint: Lint, here: Path) -> None:
    comment = "-- confiture: ignore missing-object -- made at run time\n  "
    plain = found(lint, BODY % ("", ""))[0].count("missing-object")
    assert plain >= 1
    kept, silenced = found(lint, BODY % (comment, ""))
    assert "unused-suppression" not in kept
    assert silenced, "the comment stands in the statement that creates the function"


def test_a_comment_above_a_function(lint: Lint, here: Path) -> None:
    kept, silenced = found(
        lint, "-- confiture: ignore missing-object -- made at run time\n" + BODY % ("", "")
    )
    assert (kept, set(silenced)) == ([], {"missing-object"})


def test_a_comment_after_the_last_statement(lint: Lint, here: Path) -> None:
    sql = f"{TABLE}\n-- confiture: ignore missing-primary-key -- too late\n"
    assert found(lint, sql) == (["missing-primary-key", "unused-suppression"], [])


def test_a_comment_on_the_line_of_the_statement(lint: Lint, here: Path) -> None:
    sql = f"{TABLE} -- confiture: ignore missing-primary-key -- a log\nCREATE TABLE b (x int PRIMARY KEY);\n"
    kept, silenced = found(lint, sql)
    assert (kept, silenced) in (SILENCED, (["missing-primary-key", "unused-suppression"], []))
