"""`rules`, `explain`, `config`, `baseline`, `--help`, `--version`."""

import json
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Lint
from tests.cli.program import EXAMPLES, write

from confiture_linter.cli.main import COMMANDS
from confiture_linter.version import __version__


@pytest.mark.parametrize("option", ["-h", "--help", "help"])
def test_help(lint: Lint, option: str) -> None:
    run = lint(option)
    assert (run.code, run.err) == (0, "")
    for command in COMMANDS:
        assert f"  {command} " in run.out
    assert "exit codes: 0 clean · 1 findings · 2 usage" in run.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(lint: Lint, command: str) -> None:
    run = lint(command, "--help")
    assert (run.code, run.err) == (0, "")
    assert f"usage: confiture-lint {command}" in run.out
    assert "exit codes: 0 clean" in run.out


@pytest.mark.parametrize("option", ["-V", "--version", "version"])
def test_version(lint: Lint, option: str) -> None:
    assert lint(option).out == f"confiture-lint {__version__}\n"


# rules ----------------------------------------------------------------------------------------------------


def test_rules(lint: Lint) -> None:
    out = lint("rules").out
    rows = lint("rules", "--format", "json").json["rules"]
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    for row in rows:
        assert f"  {row['name']} " in out
        assert row["summary"]
    assert out.endswith(f"{len(rows)} rules, {sum(row['on'] for row in rows)} on\n")


def test_rules_of_a_family(lint: Lint) -> None:
    rows = lint("rules", "dependencies", "--format", "json").json["rules"]
    assert {row["family"] for row in rows} == {"dependencies"}
    assert "missing-object" in lint("rules", "dependencies").out


def test_rules_follow_the_configuration(here: Path, lint: Lint) -> None:
    text = "lint: {ignore: [keys], rules: {missing-object: {severity: info}}}\n"
    write(here, {"confiture.yaml": text})
    rows = {row["name"]: row for row in lint("rules", "--format", "json").json["rules"]}
    assert not rows["missing-primary-key"]["on"]
    assert rows["missing-object"]["severity"] == "info"
    write(here, {"elsewhere.yaml": "{}\n"})
    rows = {
        r["name"]: r for r in lint("rules", "--format", "json", "--config", "elsewhere.yaml").json["rules"]
    }
    assert rows["missing-primary-key"]["on"]


# explain --------------------------------------------------------------------------------------------------


def test_explain_every_rule(lint: Lint) -> None:
    for row in lint("rules", "--format", "json").json["rules"]:
        run = lint("explain", row["name"])
        assert run.code == 0
        assert run.out.startswith(f"# {row['name']}\n\n{row['summary']}\n")
        assert "*Instead:*" in run.out


def test_explain_as_json(lint: Lint) -> None:
    document = lint("explain", "missing-object", "--format", "json").json
    assert document["name"] == "missing-object"
    assert document["markdown"] == lint("explain", "missing-object").out


# config ---------------------------------------------------------------------------------------------------


def test_config_check(here: Path, lint: Lint) -> None:
    assert lint("config", "check").out.startswith("no confiture.yaml: the defaults apply: fine, ")
    write(here, {"confiture.yaml": "lint: {preset: all}\n"})
    run = lint("config", "check")
    total = len(lint("rules", "--format", "json").json["rules"])
    assert run.out.endswith(f"confiture.yaml: fine, {total} of {total} rules on\n")
    assert lint("config", "check", "-q").out == ""
    write(here, {"confiture.yaml": "lint: {select: [nope]}\n"})
    run = lint("config", "check")
    assert run.code == 2
    assert "confiture.yaml:1:17: no rule or family is called nope" in run.err


@pytest.mark.parametrize("source", ["none", "example", "contract"])
def test_config_show_round_trip(here: Path, lint: Lint, source: str) -> None:
    if source == "example":
        write(here, {"confiture.yaml": (EXAMPLES / "printoptim" / "confiture.yaml").read_bytes()})
    elif source == "contract":
        contract = Path(__file__).parents[1] / "config" / "data"
        found = sorted(contract.glob("**/*.yaml"))
        assert found
        write(here, {"confiture.yaml": found[0].read_bytes()})
    first = lint("config", "show")
    assert first.code == 0
    yaml.safe_load(first.out)
    write(here, {"confiture.yaml": first.out})
    again = lint("config", "show")
    assert again.out == first.out


def test_config_show_hides_no_environment_that_check_has_cached(here: Path, lint: Lint) -> None:
    write(
        here,
        {"confiture.yaml": "environments: {prod: {database_url: '${DATABASE_URL}', lock_timeout: 2s}}\n"},
    )
    before = lint("config", "show").out
    lint("check")
    assert lint("config", "show").out == before
    assert "lock_timeout" in before


def test_config_schema(here: Path, lint: Lint) -> None:
    import jsonschema

    schema = lint("config", "schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for example in ("printoptim", "printoptim-broken"):
        validator.validate(yaml.safe_load((EXAMPLES / example / "confiture.yaml").read_text()))
    assert not validator.is_valid({"schma": {}})


# baseline -------------------------------------------------------------------------------------------------

NO_KEY = "CREATE TABLE a (x int);\n"


@pytest.fixture
def accepted(here: Path, lint: Lint) -> Path:
    write(
        here,
        {
            "confiture.yaml": "schema: {roots: [db]}\nlint: {baseline: accepted.json}\n",
            "db/a.sql": NO_KEY,
            "db/b.sql": "CREATE VIEW b AS SELECT x FROM nowhere, nowhere2;\n",
        },
    )
    assert lint("check").code == 1
    run = lint("baseline", "update")
    assert (run.code, run.out) == (0, f"{here}/accepted.json: 3 findings accepted\n")
    return here


def test_baseline_accepts(accepted: Path, lint: Lint) -> None:
    run = lint("check", "--format", "json")
    assert run.code == 0
    assert [f["suppressed"]["kind"] for f in run.json["findings"]] == ["baseline"] * 3
    document = json.loads((accepted / "accepted.json").read_text())
    assert document["version"] == 1
    entries = [
        (entry["path"], entry["rule"], entry["object"], entry["count"]) for entry in document["findings"]
    ]
    assert entries == sorted(entries)
    assert len((accepted / "accepted.json").read_text().splitlines()) == len(entries) + 2


def test_baseline_does_not_move_with_lines(accepted: Path, lint: Lint) -> None:
    write(accepted, {"db/a.sql": "-- one\n\n\n  " + NO_KEY})
    assert lint("check").code == 0


def test_baseline_does_not_accept_more(accepted: Path, lint: Lint) -> None:
    write(accepted, {"db/a.sql": NO_KEY + "CREATE TABLE c (x int);"})
    run = lint("check", "--format", "json")
    assert run.code == 1
    assert [f["object"] for f in run.json["findings"] if f["suppressed"] is None] == ["public.c"]


def test_stale_entries_are_reported_and_pruned(accepted: Path, lint: Lint) -> None:
    write(accepted, {"db/a.sql": "CREATE TABLE a (x int PRIMARY KEY);"})
    run = lint("check", "--format", "json")
    assert run.code == 1
    new = [f for f in run.json["findings"] if f["suppressed"] is None]
    assert [(f["rule"], f["file"], f["object"]) for f in new] == [
        ("stale-baseline-entry", "db/a.sql", "public.a")
    ]
    assert lint("baseline", "prune").out == f"{accepted}/accepted.json: 1 stale findings pruned\n"
    assert lint("check").code == 0
    write(accepted, {"db/a.sql": NO_KEY})
    assert lint("check").code == 1, "what is pruned does not come back"


def test_prune_adds_nothing(accepted: Path, lint: Lint) -> None:
    write(accepted, {"db/c.sql": "CREATE TABLE c (x int);"})
    before = (accepted / "accepted.json").read_text()
    lint("baseline", "prune")
    assert (accepted / "accepted.json").read_text() == before
    assert lint("check").code == 1


def test_a_stale_entry_of_a_file_that_is_gone(accepted: Path, lint: Lint) -> None:
    (accepted / "db/a.sql").unlink()
    run = lint("check")
    assert run.code == 1
    assert "stale-baseline-entry" in run.out
    assert "db/a.sql" in run.out
    for format in ("json", "sarif", "lsp", "github", "gitlab", "concise"):
        assert "stale-baseline-entry" in lint("check", "--format", format).out


def test_baseline_never_accepts_syntax_errors(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "SELEC 1;"})
    assert lint("baseline", "update").code == 0
    assert lint("check", "--baseline", "confiture-baseline.json").code == 1
    entry = {"path": "a.sql", "rule": "syntax-error", "object": "", "count": 1}
    write(here, {"b.json": json.dumps({"version": 1, "findings": [entry]})})
    run = lint("check", "--baseline", "b.json", "--format", "json")
    assert "syntax-error" in [f["rule"] for f in run.json["findings"] if f["suppressed"] is None]


def test_baseline_leaves_out_what_a_comment_suppresses(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": f"-- confiture: ignore missing-primary-key -- a log\n{NO_KEY}"})
    assert lint("baseline", "update").out.endswith(": 0 findings accepted\n")


def test_selecting_fewer_rules_does_not_make_entries_stale(accepted: Path, lint: Lint) -> None:
    assert lint("check", "--select", "missing-object").code == 0
    assert lint("check", "--ignore", "keys").code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[]", "this is not a baseline"),
        ("{}", "this is not a baseline"),
        ('{"version": 2, "findings": []}', "unknown baseline version"),
        ('{"version": 1, "findings": [{"path": 1}]}', "this is not a baseline"),
        ('{"version": 1, "findings": 3}', "this is not a baseline"),
        ("[" * 100_000, "baseline"),
    ],
)
def test_a_broken_baseline(here: Path, lint: Lint, text: str, message: str) -> None:
    write(here, {"a.sql": NO_KEY, "b.json": text})
    for command in (("check",), ("baseline", "prune")):
        run = lint(*command, "--baseline", "b.json")
        assert run.code == 2, command
        assert run.err.startswith("error: b.json")
        assert message in run.err


def test_the_place_of_the_baseline(here: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, {"db/a.sql": NO_KEY, "confiture.yaml": "schema: {roots: [db]}\nlint: {baseline: b.json}\n"})
    monkeypatch.chdir(here / "db")
    lint("baseline", "update")
    assert (here / "b.json").exists()
    assert lint("check").code == 0
    lint("baseline", "update", "--baseline", "mine.json")
    assert (here / "db" / "mine.json").exists()
