"""The machine formats: shape, numbers, escapes, limits."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.report.sample import CLEAR, FINDINGS, REPORT, RULES, one

from confiture_linter.model import Edit, Fix, LineIndex, Related, Report, Severity, Span, Suppression
from confiture_linter.report import FORMATS, RenderOptions, load, schema_text
from confiture_linter.report import sarif as sarif_module
from confiture_linter.report.line_hash import line_hashes
from confiture_linter.report.places import file_uri, repository_path

PLAIN = RenderOptions()
EMOJI = "select 'é😀', here"
"""`here` begins at byte 17, code point 13, UTF-16 unit 14, all counted from 0."""

SARIF_SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text("utf-8"))


def document(name: str, report: Report, options: RenderOptions = PLAIN) -> Any:
    return json.loads(load(name)(report, options))


def sarif_run(report: Report, options: RenderOptions = PLAIN) -> Any:
    log = document("sarif", report, options)
    jsonschema.Draft4Validator(SARIF_SCHEMA).validate(log)
    return log["runs"][0]


def diagnostic(report: Report, options: RenderOptions = PLAIN) -> Any:
    return document("lsp", report, options)["files"][0]["diagnostics"][0]


# Positions ------------------------------------------------------------------------------------------------


def test_every_format_counts_columns_its_own_way() -> None:
    report = one(EMOJI, "here")
    assert EMOJI.encode().index(b"here") == 17
    found = document("json", report)["findings"][0]
    assert (found["start"], found["end"]) == ({"line": 1, "column": 14}, {"line": 1, "column": 18})
    assert diagnostic(report)["range"] == {
        "start": {"line": 0, "character": 14},
        "end": {"line": 0, "character": 18},
    }
    assert sarif_run(report)["results"][0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 1,
        "startColumn": 14,
        "endLine": 1,
        "endColumn": 18,
    }
    assert ",line=1,endLine=1,col=14,endColumn=18," in load("github")(report, PLAIN)
    assert load("concise")(report, PLAIN).startswith("a.sql:1:14: ")
    assert " a.sql:1:14\n" in load("text")(report, PLAIN)
    assert document("gitlab", report)[0]["location"]["lines"] == {"begin": 1, "end": 1}


def test_crlf_counts_as_one_line_end() -> None:
    report = one("a\r\nb\r\n\tc\r\n", "c")
    assert document("json", report)["findings"][0]["start"] == {"line": 3, "column": 2}
    assert diagnostic(report)["range"]["end"] == {"line": 2, "character": 2}


# JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [REPORT, CLEAR, one("x", "x")], ids=["all", "clear", "one"])
def test_json_keeps_its_schema(report: Report) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document("json", report))


def test_json_schema_refuses_what_is_not_described() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    for path in ((), ("summary",), ("findings", 0), ("findings", 2, "fix"), ("findings", 0, "related", 0)):
        value = document("json", REPORT)
        inner = value
        for key in path:
            inner = inner[key]
        inner["more"] = 1
        assert not validator.is_valid(value), path


def test_json_has_exactly_the_keys_of_the_contract() -> None:
    value = document("json", REPORT)
    assert list(value) == ["version", "findings", "unanalysed", "summary"]
    assert list(value["findings"][0]) == (
        [
            "rule",
            "family",
            "severity",
            "message",
            "help",
            "file",
            "start",
            "end",
            "object",
            "fix",
            "related",
            "suppressed",
            "fingerprint",
        ]
    )
    assert list(value["unanalysed"][0]) == ["file", "start", "reason"]
    assert list(value["summary"]) == ["files", "statements", "objects", "errors", "warnings", "infos"]


def test_json_is_readable_utf8_and_keeps_the_order() -> None:
    text = load("json")(REPORT, PLAIN)
    assert "café" in text
    assert [f["fingerprint"] for f in json.loads(text)["findings"]] == [f.fingerprint for f in FINDINGS]


def test_a_path_that_is_not_utf8_survives() -> None:
    report = one("x", "x", path="caf\udce9.sql")
    for name in FORMATS:
        load(name)(report, PLAIN).encode("utf-8", "backslashreplace")
    written = load("json")(report, PLAIN).encode("utf-8", "backslashreplace")
    assert json.loads(written)["findings"][0]["file"] == "caf\udce9.sql"
    assert document("lsp", report)["files"][0]["uri"] == "caf%E9.sql"


# LSP ------------------------------------------------------------------------------------------------------


def test_lsp_lists_clean_files() -> None:
    files = document("lsp", REPORT, RenderOptions(root="/srv/a b"))["files"]
    assert files[-1] == {"uri": "file:///srv/a%20b/db/99_clean.sql", "version": None, "diagnostics": []}
    assert len(files) == len(REPORT.files)


def test_lsp_suppressions_stand_above_the_line_and_at_the_top() -> None:
    report = one("create table a (\r\n\tb int\r\n);", "b int")
    data = diagnostic(report)["data"]
    top, line = {"line": 0, "character": 0}, {"line": 1, "character": 0}
    assert data["suppress_line"] == {
        "range": {"start": line, "end": line},
        "newText": "\t-- confiture: ignore wide-select -- \r\n",
    }
    assert data["suppress_file"] == {
        "range": {"start": top, "end": top},
        "newText": "-- confiture: ignore-file wide-select -- \r\n",
    }


@pytest.mark.parametrize(
    "report",
    [
        one("x", "x", rule="syntax-error"),
        one("x", "x", rule="unheard-of"),
        one('execute("x")', "x", path="m.py"),
        one("up: x", "x", path="m.yaml"),
    ],
    ids=["unsuppressible", "unknown", "python", "yaml"],
)
def test_lsp_offers_no_comment_where_none_can_stand(report: Report) -> None:
    data = diagnostic(report)["data"]
    assert data["suppress_line"] is None
    assert data["suppress_file"] is None


def test_lsp_offers_a_fix_only_when_it_is_whole() -> None:
    edit = Edit("a.sql", Span(0, 1), "y")
    data = diagnostic(one("x", "x", fix=Fix("Say y", (edit,))))["data"]
    assert (data["title"], data["safe"], data["edits"][0]["newText"]) == ("Say y", True, "y")
    elsewhere = one("x", "x", fix=Fix("Say y", (edit, Edit("b.sql", Span(0, 1), "y"))))
    assert diagnostic(elsewhere)["data"]["edits"] == []


def test_what_was_not_analysed_is_said_in_every_format() -> None:
    for name in FORMATS:
        text = load(name)(REPORT, PLAIN)
        assert "dynamic SQL" in text or "1 place could not be analysed" in text, name


# SARIF ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [REPORT, CLEAR, one("x", "x")], ids=["all", "clear", "one"])
@pytest.mark.parametrize("options", [PLAIN, RenderOptions(docs_url="https://d.example/", version="1.0.0")])
def test_sarif_keeps_the_official_schema(report: Report, options: RenderOptions) -> None:
    sarif_run(report, options)


def test_sarif_lists_every_rule_and_points_at_it() -> None:
    run = sarif_run(REPORT)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in RULES]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    severities = {rule["id"]: rule["properties"].get("security-severity") for rule in rules}
    assert {name for name, value in severities.items() if value} == {"tenant-column-missing"}
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_says_what_is_suppressed_and_what_was_not_analysed() -> None:
    run = sarif_run(REPORT)
    assert [result["suppressions"] for result in run["results"] if result["suppressions"]] == [
        [{"kind": "inSource", "status": "accepted", "justification": "the name is older than this rule"}],
        [{"kind": "external", "status": "accepted"}],
    ]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [n["level"] for n in invocation["toolExecutionNotifications"]] == ["warning"]


def test_sarif_has_no_empty_strings() -> None:
    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for inner in value.values() for text in strings(inner)]
        if isinstance(value, list):
            return [text for inner in value for text in strings(inner)]
        return [value] if isinstance(value, str) else []

    bare = one(
        "x",
        "x",
        related=(Related("a.sql", Span(0, 1), ""),),
        fix=Fix("", (Edit("a.sql", Span(0, 1), ""),)),
        suppressed=Suppression("comment"),
    )
    for report in (REPORT, bare):
        assert all(strings(sarif_run(report)))


def test_sarif_cuts_long_messages() -> None:
    text = sarif_run(one("x", "x", message="m" * 2000))["results"][0]["message"]["text"]
    assert len(text) == 1024
    assert text.endswith("…")


def test_sarif_leaves_out_the_least_severe_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_module, "MAX_RESULTS", 3)
    run = sarif_run(REPORT)
    assert [(r["level"], r["suppressions"]) for r in run["results"]] == [
        ("error", []),
        ("warning", []),
        ("error", []),
    ]
    first = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert first.startswith("5 of 8 results are left out")


def test_sarif_brackets_of_a_type_are_no_link() -> None:
    text = sarif_run(one("x", "x", message="int[](4)"))["results"][0]["message"]["text"]
    assert text == "int[\\](4)"


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " a l p h a \r\n\tbeta\r\nalpha\r\n",
            ["8d07ce75f7b3af45:1", "ca140c3f893ffa65:1", "26f09ff008857193:1", "c129715d7a2bc9a3:1"],
        ),
    ],
)
def test_line_hash_is_the_one_github_computes(text: str, hashes: list[str]) -> None:
    lines = range(1, len(hashes) + 1)
    assert line_hashes(text.encode(), lines) == dict(zip(lines, hashes, strict=True))


def test_line_hash_of_equal_lines_counts_them() -> None:
    text = ("x" * 200 + "\n") * 3
    first, second, third = line_hashes(text.encode(), range(1, 4)).values()
    assert first.endswith(":1")
    assert (second, third) == (first[:-1] + "2", first[:-1] + "3")


# GitHub and GitLab ----------------------------------------------------------------------------------------


def test_github_escapes() -> None:
    report = one("x", "x", path="a,b:c%.sql", message="50%: a, b\r\nc", help="d")
    assert load("github")(report, PLAIN).splitlines()[0] == (
        "::warning file=a%2Cb%3Ac%25.sql,line=1,endLine=1,col=1,endColumn=2,"
        "title=confiture-lint (wide-select)::50%25: a, b%0D%0Ac%0Ad"
    )


def test_github_names_columns_only_on_one_line() -> None:
    assert "col" not in load("github")(one("x\ny", "x\ny"), PLAIN).split("title")[0]


def test_github_puts_the_most_severe_first() -> None:
    levels = [line.split()[0] for line in load("github")(REPORT, PLAIN).splitlines()[:-1]]
    assert levels == ["::error"] * 2 + ["::warning"] + ["::notice"] * 4


def test_gitlab_fingerprints_are_unique_and_stable() -> None:
    base = one("x y", "x", fingerprint="f")
    finding = base.findings[0]
    entries = document("gitlab", base._replace(findings=(finding, finding, finding)))
    prints = [entry["fingerprint"] for entry in entries]
    assert prints[0] == "f"
    assert len(set(prints)) == 3
    assert prints == [
        e["fingerprint"] for e in document("gitlab", base._replace(findings=(finding, finding, finding)))
    ]


def test_code_hosts_get_paths_from_the_top_of_the_repository() -> None:
    options = RenderOptions(prefix="services/shop")
    report = one("x", "x", path="./db/a.sql")
    assert document("gitlab", report, options)[0]["location"]["path"] == "services/shop/db/a.sql"
    assert "file=services/shop/db/a.sql," in load("github")(report, options)
    location = sarif_run(report, options)["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "services/shop/db/a.sql"


@pytest.mark.parametrize(
    ("path", "root", "uri"),
    [
        ("a.sql", "/srv", "file:///srv/a.sql"),
        ("../a.sql", "/srv/x", "file:///srv/a.sql"),
        ("/abs/é.sql", "/srv", "file:///abs/%C3%A9.sql"),
        ("a b#c?.sql", "C:/work", "file:///C:/work/a%20b%23c%3F.sql"),
        ("D:/a.sql", "/srv", "file:///D:/a.sql"),
        ("a:b.sql", "", "a%3Ab.sql"),
    ],
)
def test_file_uri(path: str, root: str, uri: str) -> None:
    assert file_uri(path, root) == uri


def test_repository_path() -> None:
    assert repository_path("../other/a.sql", "services/shop") == "services/other/a.sql"
    assert repository_path("./a.sql", "") == "a.sql"


def test_suppressed_findings_are_only_in_json_sarif_and_html() -> None:
    report = one("x", "x", message="MARK", suppressed=Suppression("baseline"), severity=Severity.ERROR)
    with_mark = [name for name in FORMATS if "MARK" in load(name)(report, PLAIN)]
    assert with_mark == ["json", "sarif", "html"]


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="no report format 'xml'"):
        load("xml")


def test_a_span_at_the_end_of_an_empty_file() -> None:
    report = one("", Span(0, 0))
    assert report.lines("a.sql").data == LineIndex(b"").data
    for name in FORMATS:
        assert load(name)(report, PLAIN)
