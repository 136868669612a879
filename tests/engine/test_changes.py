"""Change scripts: which are judged, in which transaction, on top of what, and what has become new."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from confiture_linter.config import load_config
from confiture_linter.effects import Change
from confiture_linter.engine.check import check
from confiture_linter.engine.context import Context
from confiture_linter.engine.memory import check_changes
from confiture_linter.engine.registry import load_rules
from confiture_linter.engine.selection import ActiveRule
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.model import ConfigError, Finding, Severity, rule
from confiture_linter.statements.facts import AlterTable, SetVariable, Transaction

RULES = {r.name: r for r in load_rules(entry_points=False)}


@rule(name="probe", subject=Change, severity=Severity.INFO, bad="", good="", at="")
def probe(change: Change, ctx: Context) -> Iterator[Finding]:
    """Say what is known about a change."""
    if isinstance(change.fact, Transaction | SetVariable):
        return
    if isinstance(change.fact, AlterTable):
        fact = change.fact
        name = change.identity_of(fact.schema, fact.name)
        table = change.relation(fact.schema, fact.name)
        columns = ",".join(table.columns) if table is not None and hasattr(table, "columns") else "?"
        word = f"{'new' if change.is_new(name) else 'old'} {name}({columns})"
    else:
        word = type(change.fact).__name__
    block = f"block {change.transaction}" if change.in_block else "alone"
    settings = " ".join(f"{k}={v}" for k, v in change.settings.items())
    yield change.finding(f"{word} {block} {settings}".strip())


def said(scripts: str | dict[str, str], schema: str = "", config: str = "") -> list[str]:
    found = check_changes(probe, scripts, schema, config)
    return [f.message for f in sorted(found, key=lambda f: (f.path, f.span))]


def test_a_runner_wraps_the_file() -> None:
    assert said("ALTER TABLE a ADD x int; ALTER TABLE a ADD y int;", "CREATE TABLE a (id int);") == [
        "old public.a(id) block 1",
        "old public.a(id,x) block 1",
    ]


def test_own_transactions_say_that_nobody_else_wraps() -> None:
    script = "ALTER TABLE a ADD x int; BEGIN; ALTER TABLE a ADD y int; COMMIT; ALTER TABLE a ADD z int;"
    assert [message.partition(") ")[2].split()[0] for message in said(script)] == ["alone", "block", "alone"]


@pytest.mark.parametrize(
    ("transaction", "expected"), [("file", "block"), ("statement", "alone"), ("none", "alone")]
)
def test_the_configuration_says_who_wraps(transaction: str, expected: str) -> None:
    config = f"migrations: {{roots: [m], transaction: {transaction}}}"
    (message,) = said("CREATE INDEX CONCURRENTLY i ON a (x);", config=config)
    assert message.split()[1] == expected


def test_a_statement_that_no_transaction_takes_says_that_nobody_wraps() -> None:
    assert said("CREATE INDEX CONCURRENTLY i ON a (x);") == ["CreateIndex alone"]
    assert said("VACUUM a;") == ["Maintain alone"]


def test_settings_last_as_long_as_they_do_on_a_server() -> None:
    script = """
        SET lock_timeout = '2s'; SET LOCAL statement_timeout = '1min';
        BEGIN; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'; ALTER TABLE a ADD x int; COMMIT;
        ALTER TABLE a ADD y int; RESET lock_timeout; ALTER TABLE a ADD z int;
    """
    assert [message.partition(") ")[2] for message in said(script)] == [
        "block 3 lock_timeout=1s statement_timeout=5s",
        "alone lock_timeout=2s",
        "alone",
    ]


def test_what_the_change_made_is_new() -> None:
    schema = "CREATE TABLE a (id int); CREATE SCHEMA s;"
    script = """
        CREATE TABLE IF NOT EXISTS a (id int); ALTER TABLE a ADD x int;
        CREATE TABLE b (id int); ALTER TABLE b ADD x int;
        ALTER TABLE b RENAME TO c; ALTER TABLE c ADD y int;
        ALTER TABLE c SET SCHEMA s; ALTER TABLE s.c ADD z int;
        ALTER TABLE a RENAME TO b; ALTER TABLE b ADD y int;
    """
    altered = [m.partition("(")[0] for m in said(script, schema) if m.startswith(("new", "old"))]
    assert altered == ["old public.a", "new public.b", "new public.c", "new s.c", "old public.b"]


def test_scripts_that_are_deployed_together_share_what_they_made() -> None:
    scripts = {"1.sql": "CREATE TABLE b (id int);", "2.sql": "ALTER TABLE b ADD x int;"}
    assert said(scripts)[-1].startswith("new public.b(id) block")


def test_statements_of_a_do_block_are_judged() -> None:
    script = "DO $$ BEGIN IF true THEN ALTER TABLE a ADD x int; END IF; END $$;"
    assert said(script, "CREATE TABLE a (id int);") == ["DoBlock block 1", "old public.a(id) block 1"]


# -- what was there before -------------------------------------------------------------------------


def tree(folder: Path, files: dict[str, str], config: str) -> None:
    for name, text in {**files, "confiture.yaml": config}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def judged(folder: Path, *rules: str, since: str | None = None) -> list[str]:
    active = [ActiveRule(RULES.get(name, probe), Severity.INFO, {}, None) for name in rules or ("probe",)]
    workspace = open_workspace(load_config(str(folder / "confiture.yaml")), rules=active, since=since)
    return [f"{f.path}: {f.message}" for f in check(workspace, active, list(RULES.values())).findings]


BOTH = "schema: {roots: [schema]}\nmigrations: {roots: [migrations]}\n"


def test_a_tree_that_shows_the_change_is_taken_back(tmp_path: Path) -> None:
    files = {
        "schema/a.sql": "CREATE TABLE a (id int, x int);",
        "migrations/1.sql": "ALTER TABLE a ADD x int;",
    }
    tree(tmp_path, files, BOTH)
    assert judged(tmp_path) == ["migrations/1.sql: old public.a(id) block 1"]


def test_a_tree_that_does_not_show_the_change_is_what_was_before(tmp_path: Path) -> None:
    files = {"schema/a.sql": "CREATE TABLE a (id int);", "migrations/1.sql": "ALTER TABLE a ADD x int;"}
    tree(tmp_path, files, BOTH)
    assert judged(tmp_path) == ["migrations/1.sql: old public.a(id) block 1"]
    assert judged(tmp_path, "schema-drift") == []


def test_drift_is_what_the_tree_lacks_of_a_change_that_it_shows_else(tmp_path: Path) -> None:
    files = {
        "schema/a.sql": "CREATE TABLE a (id int, x int);",
        "migrations/1.sql": "ALTER TABLE a ADD x int;",
        "migrations/2.sql": "ALTER TABLE a ADD y int;",
    }
    tree(tmp_path, files, BOTH)
    assert judged(tmp_path, "schema-drift") == ["migrations/2.sql: the schema tree does not show this column"]


def test_a_history_that_builds_everything_is_compared_with_the_tree(tmp_path: Path) -> None:
    files = {
        "schema/a.sql": "CREATE TABLE a (id int NOT NULL, x text);",
        "migrations/1.sql": "CREATE TABLE a (id int, y int);",
        "migrations/2.sql": "ALTER TABLE a ADD x varchar(10);",
    }
    tree(tmp_path, files, BOTH)
    assert judged(tmp_path, "schema-drift") == [
        "migrations/1.sql: column public.a.y is not in the schema tree",
        "schema/a.sql: column public.a.id is NOT NULL here and nullable after the migrations",
        "schema/a.sql: column public.a.x is text here and character varying(10) after the migrations",
    ]


def test_each_file_of_a_history_is_a_deployment(tmp_path: Path) -> None:
    files = {"m/1.sql": "CREATE TABLE a (id int);", "m/2.sql": "ALTER TABLE a ADD x int;"}
    tree(tmp_path, files, "migrations: {roots: [m]}")
    assert judged(tmp_path)[-1] == "m/2.sql: old public.a(id) block 2"


def test_since_a_version(tmp_path: Path) -> None:
    files = {f"m/00{n}_x.sql": f"CREATE TABLE t{n} (id int); ALTER TABLE t1 ADD c{n} int;" for n in (1, 2, 3)}
    tree(tmp_path, files, "migrations: {roots: [m]}")
    found = judged(tmp_path, since="1")
    assert [line for line in found if "old" in line or "new" in line] == [
        "m/002_x.sql: old public.t1(id,c1) block 1",
        "m/003_x.sql: old public.t1(id,c1,c2) block 2",
    ]
    with pytest.raises(ConfigError, match="no migration has version 7"):
        judged(tmp_path, since="7")


def test_since_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True, cwd=tmp_path
        )

    monkeypatch.chdir(tmp_path)
    tree(tmp_path, {"m/1.sql": "CREATE TABLE a (id int);"}, "migrations: {roots: [m]}")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    (tmp_path / "m/2.sql").write_text("ALTER TABLE a ADD x int;")
    assert judged(tmp_path, since="git:HEAD") == ["m/2.sql: old public.a(id) block 1"]


def test_scripts_given_without_their_schema(tmp_path: Path) -> None:
    tree(tmp_path, {"change.sql": "ALTER TABLE a ADD x int;", "seed.sql": "CREATE TABLE z (id int);"}, "")
    assert judged(tmp_path) == ["change.sql: old public.a(?) block 1"]


def test_related_places_have_an_end(tmp_path: Path) -> None:
    """Rules may leave it open, at the end of a word; nobody who reads a finding has to know of that."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "schema.sql").write_text(
        "CREATE TABLE t (a int PRIMARY KEY);\nCREATE VIEW v AS SELECT a FROM t;\n"
    )
    (tmp_path / "migrations" / "0001_a.sql").write_text("ALTER TABLE t ALTER a TYPE text;\n")
    (tmp_path / "confiture.yaml").write_text(
        "version: 1\npostgres: 16\nschema: {roots: [schema.sql]}\nmigrations: {roots: [migrations]}\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "confiture_linter", "check", "--no-cache", "--format", "json"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    findings = json.loads(ran.stdout)["findings"]
    places = [place for finding in findings for place in finding["related"]]
    assert places
    assert all(place["end"]["line"] == place["start"]["line"] == 2 for place in places), places
