"""Documents of the real program against their schemas."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.program import EXAMPLES, environment, lint, write

from confiture_linter.report import schema_text

SARIF = Path(__file__).parents[1] / "report" / "data" / "sarif-2.1.0.json"
BAD = {
    "a.sql": '-- é😀\r\nCREATE TABLE "é😀" (id bigint PRIMARY KEY, c char(3), y nope);\r\n',
    "b.sql": "-- confiture: ignore keys -- a log\nCREATE TABLE b (x int);\nSELEC 1;\n",
    "c d/%2C:é.sql": "CREATE TABLE c (x nope);\n",
    "e.sql": b"CREATE TABLE e (id bigint PRIMARY KEY); -- caf\xe9\0",
    "empty.sql": "",
    "f.sql": "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'x' || 1; END $$;",
    "confiture-baseline.json": '{"version": 1, "findings": [{"path": "gone.sql", "rule": "missing-object", "object": "x", "count": 2}]}',
    "confiture.yaml": "lint: {baseline: confiture-baseline.json}\n",
}


@pytest.fixture(params=["printoptim-broken", "printoptim", "bad", "empty"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "bad":
        return write(tmp_path, BAD)
    return tmp_path if request.param == "empty" else EXAMPLES / str(request.param)


def document(tree: Path, tmp_path: Path, format: str) -> Any:
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / ".cache"))
    run = lint("check", "--format", format, "--fail-on", "info", cwd=tree, env=env)
    assert run.err == ""
    return json.loads(run.out)


def test_json(tree: Path, tmp_path: Path) -> None:
    found = document(tree, tmp_path, "json")
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(found)
    fingerprints = [finding["fingerprint"] for finding in found["findings"]]
    assert len(set(fingerprints)) == len(fingerprints)
    places = [(f["file"], f["start"]["line"], f["start"]["column"]) for f in found["findings"]]
    assert places == sorted(places)
    for finding in found["findings"]:
        start, end = finding["start"], finding["end"]
        assert (start["line"], start["column"]) <= (end["line"], end["column"]), finding
        path = tree / finding["file"]
        if path.exists():
            lines = path.read_bytes().decode("utf-8", "replace").split("\n")
            assert 1 <= start["line"] <= len(lines)
            assert 1 <= start["column"] <= len(lines[start["line"] - 1]) + 1, finding


def test_sarif(tree: Path, tmp_path: Path) -> None:
    log = document(tree, tmp_path, "sarif")
    jsonschema.Draft4Validator(json.loads(SARIF.read_text())).validate(log)
    found = document(tree, tmp_path, "json")["findings"]
    run = log["runs"][0]
    assert len(run["results"]) == len(found)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert " " not in uri
        assert not uri.startswith(("/", "./"))
    assert sum("suppressions" in r and bool(r["suppressions"]) for r in run["results"]) == sum(
        f["suppressed"] is not None for f in found
    )


LSP = {
    "type": "object",
    "required": ["version", "files"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "files": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["uri", "version", "diagnostics"],
                "properties": {
                    "uri": {"type": "string", "minLength": 1},
                    "version": {"type": ["integer", "null"]},
                    "diagnostics": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["range", "severity", "code", "source", "message"],
                            "properties": {
                                "range": {"$ref": "#/$defs/range"},
                                "severity": {"enum": [1, 2, 3, 4]},
                                "code": {"type": "string"},
                                "source": {"type": "string"},
                                "message": {"type": "string", "minLength": 1},
                            },
                        },
                    },
                },
            },
        },
    },
    "$defs": {
        "position": {
            "type": "object",
            "required": ["line", "character"],
            "properties": {
                "line": {"type": "integer", "minimum": 0},
                "character": {"type": "integer", "minimum": 0},
            },
        },
        "range": {
            "type": "object",
            "required": ["start", "end"],
            "properties": {"start": {"$ref": "#/$defs/position"}, "end": {"$ref": "#/$defs/position"}},
        },
    },
}


def test_lsp(tree: Path, tmp_path: Path) -> None:
    found = document(tree, tmp_path, "lsp")
    jsonschema.Draft202012Validator(LSP).validate(found)
    plain = document(tree, tmp_path, "json")
    assert len(found["files"]) >= plain["summary"]["files"], "clean files are listed"
    shown = [f for f in plain["findings"] if f["suppressed"] is None]
    assert sum(len(file["diagnostics"]) for file in found["files"]) == len(shown) + len(plain["unanalysed"])


GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32,64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_gitlab(tree: Path, tmp_path: Path) -> None:
    found = document(tree, tmp_path, "gitlab")
    jsonschema.Draft202012Validator(GITLAB).validate(found)
    fingerprints = [entry["fingerprint"] for entry in found]
    assert len(set(fingerprints)) == len(fingerprints)


def test_github(tree: Path, tmp_path: Path) -> None:
    env = environment(CONFITURE_CACHE_DIR=str(tmp_path / ".cache"))
    out = lint("check", "--format", "github", cwd=tree, env=env).out
    *annotations, _summary = out.splitlines()
    for line in annotations:
        assert line.startswith(("::error ", "::warning ", "::notice ")), line
        assert "\r" not in line
