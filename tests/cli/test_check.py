"""Every option of `check`."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Lint
from tests.cli.program import GOOD, Run, write

TREE = {
    "confiture.yaml": "schema: {roots: [db]}\n",
    "db/10_site.sql": "CREATE TABLE w_site (id bigint PRIMARY KEY);\n",
    "db/20_order.sql": "CREATE TABLE w_order (id bigint PRIMARY KEY, site bigint REFERENCES w_site, x nope);\n",
    "db/30_view.sql": "CREATE VIEW v_order AS SELECT o.id, s.missing FROM w_order o JOIN w_site s ON s.id = o.site;\n",
    "db/sub/40_log.sql": "CREATE TABLE w_log (at timestamptz);\n",
}


def rules_by_file(run: Run) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in run.json["findings"]:
        if finding["suppressed"] is None:
            found.setdefault(finding["file"], set()).add(finding["rule"])
    return found


def rules(run: Run) -> set[str]:
    return set().union(*rules_by_file(run).values())


def on(lint: Lint, sql: str, *options: str, config: str = "") -> set[str]:
    """The rules that report something in one file."""
    files = {"a.sql": sql}
    if config:
        files["confiture.yaml"] = config
    write(Path(), files)
    return rules(lint("check", "--format", "json", "--no-cache", *options))


@pytest.fixture
def tree(here: Path) -> Path:
    return write(here, TREE)


# Paths restrict what is reported, never what is analysed --------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        ((), {"db/20_order.sql", "db/30_view.sql", "db/sub/40_log.sql"}),
        ((".",), {"db/20_order.sql", "db/30_view.sql", "db/sub/40_log.sql"}),
        (("db",), {"db/20_order.sql", "db/30_view.sql", "db/sub/40_log.sql"}),
        (("db/sub",), {"db/sub/40_log.sql"}),
        (("./db/sub/../30_view.sql",), {"db/30_view.sql"}),
        (("db/10_site.sql",), set()),
        (("db/20_order.sql", "db/sub/"), {"db/20_order.sql", "db/sub/40_log.sql"}),
    ],
)
def test_paths(tree: Path, lint: Lint, paths: tuple[str, ...], shown: set[str]) -> None:
    run = lint("check", "--format", "json", *paths)
    found = rules_by_file(run)
    assert set(found) == shown
    assert run.code == (1 if shown else 0)
    if "db/30_view.sql" in shown:
        assert found["db/30_view.sql"] == {"missing-column"}, "the tables were analysed"
    assert run.json["summary"]["statements"] == 4


def test_paths_from_a_folder_of_the_tree(tree: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "db" / "sub")
    assert set(rules_by_file(lint("check", "--format", "json", "."))) == {"40_log.sql"}
    assert set(rules_by_file(lint("check", "--format", "json", ".."))) == {
        "../20_order.sql",
        "../30_view.sql",
        "40_log.sql",
    }
    assert set(rules_by_file(lint("check", "--format", "json", "../30_view.sql"))) == {"../30_view.sql"}
    absolute = str(tree / "db" / "20_order.sql")
    assert set(rules_by_file(lint("check", "--format", "json", absolute))) == {"../20_order.sql"}


def test_paths_are_the_tree_without_configuration(here: Path, lint: Lint) -> None:
    write(
        here,
        {
            "a/x.sql": "CREATE TABLE x (id bigint PRIMARY KEY);",
            "b/y.sql": "CREATE VIEW y AS SELECT * FROM x;",
        },
    )
    assert lint("check").code == 0
    assert rules(lint("check", "--format", "json", "b")) == {"missing-object"}
    assert lint("check", "a", "b").code == 0


# Standard input -------------------------------------------------------------------------------------------


def test_stdin_stands_in_for_a_file(tree: Path, lint: Lint) -> None:
    text = b"CREATE VIEW v_order AS SELECT o.id, s.other FROM w_order o JOIN w_site s ON s.id = o.site;\n"
    run = lint("check", "--format", "json", "--stdin-filename", "db/30_view.sql", stdin=text)
    assert [f["message"] for f in run.json["findings"]] == ["view v_order: w_site has no column other"] or (
        len(run.json["findings"]) == 1 and "other" in run.json["findings"][0]["message"]
    )
    assert (tree / "db/30_view.sql").read_text() == TREE["db/30_view.sql"]


def test_stdin_of_a_file_that_others_need(tree: Path, lint: Lint) -> None:
    run = lint("check", "--format", "json", "--stdin-filename", str(tree / "db/10_site.sql"), stdin=b"")
    assert run.json["findings"] == [], "only what concerns the buffer"
    assert run.code == 0


def test_stdin_of_a_new_file(tree: Path, lint: Lint) -> None:
    run = lint(
        "check", "--format", "json", "--stdin-filename", "db/50_new.sql", stdin=b"SELECT id FROM w_site;SELEC"
    )
    assert rules(run) == {"syntax-error"}
    assert not (tree / "db/50_new.sql").exists()


def test_stdin_is_not_fixed(tree: Path, lint: Lint) -> None:
    for option in ("--fix", "--unsafe-fixes", "--diff"):
        run = lint("check", option, "--stdin-filename", "db/30_view.sql", stdin=b"SELECT 1;")
        assert run.code == 2
    assert (tree / "db/30_view.sql").read_text() == TREE["db/30_view.sql"]


# Revisions ------------------------------------------------------------------------------------------------


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tree: Path) -> Path:
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    return tree


def test_since(repository: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = lint("check", "--since", "git:main", "--format", "json")
    assert (nothing.code, nothing.json["findings"]) == (0, [])
    write(repository, {"db/20_order.sql": TREE["db/20_order.sql"] + "-- changed\n"})
    assert set(rules_by_file(lint("check", "--since", "git:main", "--format", "json"))) == {"db/20_order.sql"}
    git("checkout", "-q", "-b", "feature")
    git("commit", "-q", "-a", "-m", "second")
    write(repository, {"db/ü 60.sql": "SELECT * FROM nowhere;", "db/10_site.sql": TREE["db/10_site.sql"]})
    (repository / "db/30_view.sql").unlink()
    expected = {"db/20_order.sql", "db/ü 60.sql"}
    assert set(rules_by_file(lint("check", "--since", "git:main", "--format", "json"))) == expected
    monkeypatch.chdir(repository / "db/sub")
    expected = {"../20_order.sql", "../ü 60.sql"}
    assert set(rules_by_file(lint("check", "--since", "git:main", "--format", "json"))) == expected


def test_since_is_the_merge_base(repository: Path, lint: Lint) -> None:
    git("checkout", "-q", "-b", "feature")
    git("checkout", "-q", "main")
    write(repository, {"db/20_order.sql": TREE["db/20_order.sql"] + "-- on main\n"})
    git("commit", "-q", "-a", "-m", "on main")
    git("checkout", "-q", "feature")
    assert lint("check", "--since", "git:main").code == 0


# Which rules ----------------------------------------------------------------------------------------------


def test_select_and_ignore(tree: Path, lint: Lint) -> None:
    def run(*options: str) -> set[str]:
        return rules(lint("check", "--format", "json", *options))

    assert run("--select", "missing-column") == {"missing-column"}
    assert run("--select", "dependencies") == {"missing-column", "missing-object"}
    assert run("--select", "dependencies", "--ignore", "missing-object") == {"missing-column"}
    assert run("--select", "missing-column,missing-object") == {"missing-column", "missing-object"}
    assert run("--select", "missing-column", "--select", "missing-object") == {
        "missing-column",
        "missing-object",
    }
    assert run("--ignore", "dependencies").isdisjoint({"missing-column", "missing-object"})
    assert run("--select", "all") >= run()


def test_syntax_errors_are_always_on(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "SELEC 1;"})
    for options in (("--select", "naming"), ("--ignore", "robustness"), ("--ignore", "syntax-error")):
        assert rules(lint("check", "--format", "json", *options)) == {"syntax-error"}


def test_fail_on_and_exit_zero(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "CREATE TABLE a (x int);"})
    assert rules(lint("check", "--format", "json")) == {"missing-primary-key"}
    assert lint("check").code == 1
    assert lint("check", "--fail-on", "error").code == 0
    assert lint("check", "--fail-on", "info").code == 1
    assert lint("check", "--exit-zero").code == 0
    assert "missing-primary-key" in lint("check", "--exit-zero").out
    write(here, {"confiture.yaml": "lint: {fail_on: error}\n"})
    assert lint("check").code == 0
    assert lint("check", "--fail-on", "warning").code == 1


NO_KEY = "CREATE TABLE a (x int);"


def test_severities(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": NO_KEY, "legacy/b.sql": "CREATE TABLE b (x int);"})
    config = """\
lint:
  rules: {missing-primary-key: {severity: error}}
  per_path:
    "legacy/**": {severity: {missing-primary-key: info}}
"""
    write(here, {"confiture.yaml": config})
    found = {f["file"]: f["severity"] for f in lint("check", "--format", "json").json["findings"]}
    assert found == {"a.sql": "error", "legacy/b.sql": "info"}


def test_per_path(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": NO_KEY, "legacy/b.sql": "CREATE TABLE b (x nope);"})
    for ignored, left in (
        ("missing-primary-key", {"missing-object"}),
        ("keys", {"missing-object"}),
        ("naming", {"missing-object", "missing-primary-key"}),
    ):
        write(here, {"confiture.yaml": f'lint: {{per_path: {{"legacy/**": {{ignore: [{ignored}]}}}}}}\n'})
        found = rules_by_file(lint("check", "--format", "json"))
        assert found == {"a.sql": {"missing-primary-key"}, "legacy/b.sql": left}, ignored


def test_per_path_does_not_ignore_syntax_errors(here: Path, lint: Lint) -> None:
    write(
        here,
        {
            "a.sql": "SELEC 1;",
            "confiture.yaml": 'lint: {per_path: {"**": {ignore: [robustness, syntax-error]}}}\n',
        },
    )
    assert rules(lint("check", "--format", "json")) == {"syntax-error"}


def test_exemptions(lint: Lint) -> None:
    sql = "CREATE TABLE legacy_a (x int); CREATE SCHEMA app; CREATE TABLE app.legacy_b (x int);"
    rule = "lint: {rules: {missing-primary-key: {exempt: [%s]}}}\n"
    assert on(lint, sql, config=rule % '"legacy_*"') == set()
    assert "missing-primary-key" in on(lint, sql, config=rule % '"public.legacy_*"')
    assert "missing-primary-key" in on(lint, sql, config=rule % '"app.*"')
    assert on(lint, sql, config=rule % '"app.*", "public.*"') == set()


def test_an_exemption_of_a_relation_holds_for_its_columns(lint: Lint) -> None:
    sql = "CREATE TABLE legacy_a (id bigint PRIMARY KEY, d timestamp);"
    assert on(lint, sql) == {"prefer-timestamptz"}
    assert on(lint, sql, config='lint: {rules: {prefer-timestamptz: {exempt: ["legacy_*"]}}}\n') == set()
    assert (
        on(lint, sql, config='lint: {rules: {prefer-timestamptz: {exempt: ["public.legacy_a.d"]}}}\n')
        == set()
    )
    assert on(lint, sql, config='lint: {rules: {prefer-timestamptz: {exempt: ["other"]}}}\n') == {
        "prefer-timestamptz"
    }


def test_options(lint: Lint) -> None:
    sql = f"CREATE TABLE {'a' * 40} (id bigint PRIMARY KEY);"
    assert on(lint, sql) == set()
    config = "lint: {rules: {identifier-too-long: {options: {max_length: 30}}}}\n"
    assert on(lint, sql, config=config) == {"identifier-too-long"}


def test_presets(here: Path, lint: Lint) -> None:
    counts = {}
    for preset in ("default", "strict", "cqrs", "multi-tenant", "supabase", "all"):
        write(here, {"confiture.yaml": f"lint: {{preset: {preset}}}\n"})
        counts[preset] = {r["name"] for r in lint("rules", "--format", "json").json["rules"] if r["on"]}
    assert counts["default"] < counts["strict"] < counts["all"]
    for preset in ("cqrs", "multi-tenant", "supabase"):
        assert counts["default"] <= counts[preset] <= counts["all"]


def test_an_ignored_family_and_a_selected_rule_of_it(lint: Lint) -> None:
    config = "lint: {ignore: [keys], select: [missing-primary-key]}\n"
    assert on(lint, NO_KEY, config=config) == {"missing-primary-key"}


def test_the_command_line_beats_the_configuration(lint: Lint) -> None:
    config = "lint: {ignore: [keys]}\n"
    assert on(lint, NO_KEY, config=config) == set()
    assert on(lint, NO_KEY, "--select", "missing-primary-key", config=config) == {"missing-primary-key"}


def test_postgres(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "CREATE TABLE a (id uuid PRIMARY KEY DEFAULT uuidv7());"})
    assert lint("check", "--postgres", "18").code == 0
    assert rules(lint("check", "--postgres", "16", "--format", "json")) == {"missing-object"}


# Output ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["json", "sarif", "lsp", "gitlab"])
@pytest.mark.parametrize("options", [(), ("-v",), ("-q",), ("--statistics",), ("--color", "always")])
def test_one_document_and_nothing_else(tree: Path, lint: Lint, format: str, options: tuple[str, ...]) -> None:
    run = lint("check", "--format", format, *options)
    json.loads(run.out)
    assert (run.code, run.err) == (1, "")


@pytest.mark.parametrize("format", ["text", "concise", "json", "sarif", "lsp", "gitlab", "github"])
def test_output(tree: Path, lint: Lint, format: str) -> None:
    printed = lint("check", "--format", format)
    run = lint("check", "--format", format, "--output", "report")
    assert (run.code, run.out, run.err) == (1, "", "")
    assert (tree / "report").read_text() == printed.out


def test_the_same_answer_twice_with_and_without_cache(tree: Path, lint: Lint) -> None:
    for format in ("text", "json", "sarif", "lsp", "gitlab", "github", "concise"):
        first = lint("check", "--format", format, "--statistics")
        assert lint("check", "--format", format, "--statistics") == first
        assert lint("check", "--format", format, "--statistics", "--no-cache") == first


def test_github_actions(tree: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    text = lint("check").out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert "::error file=db/20_order.sql,line=1," in lint("check").out
    assert lint("check", "--format", "text").out == text
    json.loads(lint("check", "--format", "json").out)
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert lint("check").out == text


def test_colour(tree: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in lint("check", "--color", "always").out
    assert "\x1b[" not in lint("check").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in lint("check").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in lint("check").out
    assert "\x1b[" in lint("check", "--color", "always").out
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[" in lint("check").out, "an empty NO_COLOR is none"


def test_statistics(tree: Path, lint: Lint) -> None:
    out = lint("check", "--statistics").out
    assert any(line.split() == ["1", "error", "missing-column"] for line in out.splitlines()), out


def test_quiet_keeps_findings(tree: Path, lint: Lint) -> None:
    assert "missing-column" in lint("check", "-q").out


def test_check_is_the_default_command(tree: Path, lint: Lint) -> None:
    assert lint() == lint("check")
    assert lint("db/sub", "--format", "json") == lint("check", "db/sub", "--format", "json")
    assert lint("--format", "json") == lint("check", "--format", "json")


def test_summary_and_files_agree(tree: Path, lint: Lint) -> None:
    document: Any = lint("check", "--format", "json").json
    severities = [f["severity"] for f in document["findings"]]
    summary = document["summary"]
    assert summary["errors"] == severities.count("error")
    assert summary["warnings"] == severities.count("warning")
    assert summary["infos"] == severities.count("info")
    assert summary["files"] == 4


def test_what_is_not_analysed_is_said(here: Path, lint: Lint) -> None:
    sql = "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'drop table ' || t; END $$;\n"
    write(here, {"a.sql": sql})
    assert [u["reason"] for u in lint("check", "--format", "json").json["unanalysed"]] == ["dynamic SQL in f"]
    assert "not analysed: a.sql:1:" in lint("check").out


# The cache answers only for what has not changed ----------------------------------------------------------


def test_a_changed_file_is_seen(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": NO_KEY})
    assert lint("check").code == 1
    write(here, {"a.sql": "CREATE TABLE a (x int PRIMARY KEY);"})
    assert lint("check").code == 0
    write(here, {"b.sql": "SELECT * FROM nowhere;"})
    assert lint("check").code == 1
    (here / "b.sql").rename(here / "b.txt")
    assert lint("check").code == 0


def test_a_changed_configuration_is_seen(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": NO_KEY, "confiture.yaml": "lint: {}\n"})
    assert lint("check").code == 1
    write(here, {"confiture.yaml": "lint: {ignore: [keys]}\n"})
    assert lint("check").code == 0


def test_a_changed_load_list_is_seen(here: Path, lint: Lint) -> None:
    write(
        here,
        {
            "confiture.yaml": "schema: {roots: [db], order: 'list:load.txt'}\n",
            "db/a.sql": "CREATE TABLE a (id bigint PRIMARY KEY);",
            "db/b.sql": "CREATE VIEW b AS SELECT id FROM a;",
            "load.txt": "db/a.sql\ndb/b.sql\n",
        },
    )
    assert lint("check").code == 0
    write(here, {"load.txt": "db/b.sql\ndb/a.sql\n"})
    assert "forward-reference" in lint("check").out
    (here / "load.txt").unlink()
    assert lint("check").code == 2


def test_an_included_file_that_comes_and_goes_is_seen(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "\\i other.psql\nSELECT 1;\n"})
    assert "include-missing" in lint("check").out
    write(here, {"other.psql": "SELECT 1;\n"})
    assert lint("check").code == 0


def test_an_empty_file_that_becomes_unreadable_is_seen(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": "", "good.sql": GOOD})
    assert lint("check").code == 1
    (here / "a.sql").unlink()
    (here / "a.sql").symlink_to("nowhere")
    assert lint("check").code == 2


def test_a_changed_search_of_the_baseline_is_seen(here: Path, lint: Lint) -> None:
    write(here, {"a.sql": NO_KEY})
    assert lint("baseline", "update").code == 0
    assert lint("check", "--baseline", "confiture-baseline.json").code == 0
    text = (here / "confiture-baseline.json").read_text()
    (here / "confiture-baseline.json").write_text(text.replace("public.a", "public.b"))
    assert lint("check", "--baseline", "confiture-baseline.json").code == 1
