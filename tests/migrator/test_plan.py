"""A plan: equal inputs give equal bytes, one changed byte is noticed, errors stop it, waivers have reasons."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.migrator.project import Project, everything

from confiture_migrator.errors import PlanRefused
from confiture_migrator.plan import load_plan, plan_bytes

pytestmark = pytest.mark.pg
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "migrator/confiture_migrator/plan/schema/plan-1.json").read_text()
)
FILES = {
    "0001_a.up.sql": "CREATE TABLE t (id int PRIMARY KEY, é text);\nCREATE ROLE plan_role PASSWORD 'geheim';",
    "0001_a.down.sql": "DROP TABLE t;",
    "0002_b.sql": "CREATE INDEX CONCURRENTLY ix_t ON t (é);",
    "0003_c.yaml": "migration:\n  ddl: |\n    SELECT 1;\n  hooks:\n    cleanup: [{type: sql, config: {sql: SELECT 1}}]\n",
    "0004_d.py": "raise RuntimeError('must not be imported by plan')\nclass D:\n    def up(self, conn): ...\n",
}
HOOKED = "hooks: {after_ddl: [{type: analyze_statistics, description: of all, config: {tables: [t]}}]}\n"


def test_the_document(project: Project) -> None:
    project.write(FILES)
    project.write({"confiture.yaml": (project.root / "confiture.yaml").read_text() + HOOKED})
    with project.session() as connection:
        before = everything(connection)
    document = project.plan()
    with project.session() as connection:
        assert everything(connection) == before
    jsonschema.validate(document, SCHEMA)
    assert [each["version"] for each in document["migrations"]] == ["0001", "0002", "0003", "0004"]
    assert [each["transaction"] for each in document["migrations"]] == [True, False, True, True]
    assert document["target"]["database"] == project.database
    assert document["migrations"][1]["steps"][0]["in_transaction"] is False
    assert list(document["migrations"][2]["hooks"]) == ["after_ddl", "cleanup"]
    assert document["migrations"][0]["rollback"] == {"file": "db/migrations/0001_a.down.sql", "statements": 1}
    assert document["migrations"][1]["rollback"] is None
    text = (project.root / "plan.json").read_text()
    assert "geheim" not in text
    assert "host=" not in text
    assert project.url not in text


def test_equal_inputs_equal_bytes(project: Project) -> None:
    project.write(FILES)
    project.plan()
    first = (project.root / "plan.json").read_bytes()
    project.plan()
    assert (project.root / "plan.json").read_bytes() == first
    printed = project.good("plan", "--format", "json", "-q")
    assert printed.encode() == first
    plan, _ = load_plan(str(project.root / "plan.json"))
    assert plan_bytes(plan) == first


def test_one_changed_byte_is_noticed(project: Project) -> None:
    project.write({"0001_a.sql": "SELECT 1;"})
    project.plan()
    path = project.root / "plan.json"
    data = path.read_bytes()
    for position in range(len(data)):
        before, after = data[:position], data[position + 1 :]
        changes = [before + bytes([data[position] ^ 1]) + after]
        if position % 11 == 0:
            changes += [before + after, before + b" " + data[position:]]
        for changed in changes:
            path.write_bytes(changed)
            with pytest.raises(PlanRefused):
                load_plan(str(path))
    path.write_bytes(data)
    load_plan(str(path))


def test_what_is_no_plan(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"version": 2}', "\xff", "[" * 100_000):
        (tmp_path / "p").write_text(text, encoding="latin-1")
        with pytest.raises(PlanRefused, match="make the plan again"):
            load_plan(str(tmp_path / "p"))


RULES = """\
version: 1
migrations: {roots: [db/migrations]}
lint: {ignore: [all], select: [missing-primary-key], rules: {missing-primary-key: {severity: error}}}
environments: {default: {database_url: "${TEST_DATABASE_URL}"}}
"""


def test_errors_refuse_the_plan_until_waived(project: Project) -> None:
    project.write({"confiture.yaml": RULES, "0001_a.sql": "SELECT 1;\nCREATE TABLE t (a int);"})
    done = project.run("plan", "--format", "json", "--output", "plan.json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    errors = [each for each in document["findings"] if each["severity"] == "error"]
    assert [(each["rule"], each["file"], each["line"]) for each in errors] == [
        ("missing-primary-key", "db/migrations/0001_a.sql", 2)
    ]
    assert not (project.root / "plan.json").exists()
    waive = ("--waive", "missing-primary-key@db/migrations/0001_a.sql:2")
    assert "needs --reason" in project.run("plan", *waive).stderr
    document = project.plan(*waive, "--reason", "a log, ticket 7")
    assert document["waivers"] == [
        {
            "rule": "missing-primary-key",
            "file": "db/migrations/0001_a.sql",
            "line": 2,
            "reason": "a log, ticket 7",
        }
    ]
    assert project.apply().returncode == 0


def test_a_waiver_that_fits_nothing(project: Project) -> None:
    project.write({"confiture.yaml": RULES, "0001_a.sql": "CREATE TABLE t (a int);"})
    done = project.run("plan", "--waive", "missing-primary-key@db/migrations/0001_a.sql:9", "--reason", "x")
    assert done.returncode == 2
    assert "matches no finding (errors are missing-primary-key@db/migrations/0001_a.sql:1)" in done.stderr
    assert "write RULE@FILE:LINE" in project.run("plan", "--waive", "x", "--reason", "x").stderr


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"1_a.yaml": "migration:\n  ddl: |\n    SELECT 1;\n    VACUUM;\n"},
            "db/migrations/1_a.yaml:4:1: error: PostgreSQL refuses this inside a transaction: VACUUM",
        ),
        (
            {"1_a.sql": "CREATE INDEX CONCURRENTLY ON t (a);"},
            "1_a.sql:1:1: error: an index that is built concurrently has no name",
        ),
        (
            {"1_a.yaml": "migration:\n  ddl: SELECT 1\n  hooks: {cleanup: [{type: sqll}]}\n"},
            "1_a.yaml:3:21: error: no hook is called sqll: did you mean sql?".replace(":21", ":1"),
        ),
        (
            {"1_a.yaml": "migration:\n  hooks: {cleanup: [{type: sql, config: {sq: SELECT 1}}]}\n"},
            "error: sql: config.sql is missing",
        ),
        (
            {"1_a.yaml": "migration:\n  hooks: {after_ddl: [{type: rebuild_index, config: {index: i}}]}\n"},
            "error: rebuild_index runs outside a transaction, and behind the statements the transaction is open",
        ),
    ],
)
def test_what_the_migrator_demands(project: Project, files: dict[str, str], said: str) -> None:
    project.write(files)
    done = project.run("plan")
    assert done.returncode == 1
    assert said in done.stdout
    assert "refused: 1 error" in done.stderr
    (error,) = (line.split() for line in done.stdout.splitlines() if ": error: " in line)
    place = error[0].rstrip(":").rpartition(":")[0]
    waived = project.run("plan", "--waive", f"{error[-1].strip('[]')}@{place}", "--reason", "no")
    assert waived.returncode == 2
    assert "cannot be waived" in waived.stderr


def test_risk_beyond_what_the_environment_accepts() -> None:
    from confiture_linter.config import Environment
    from confiture_migrator.migrations import Migration
    from confiture_migrator.plan.demands import risk_findings
    from confiture_migrator.plan.values import Risk

    migration = Migration("1", "1_a", "m/1_a.sql", "sql", "", None)
    found = list(risk_findings(migration, Risk("low", "low", "unknown", "high"), Environment()))
    assert [(each.rule, each.severity, each.waivable) for each in found] == [
        ("risk-locking", "error", True),
        ("risk-data-loss", "error", True),
    ]


def test_without_a_database(project: Project) -> None:
    project.write(FILES)
    project.environment["TEST_DATABASE_URL"] = ""
    done = project.run("plan", "--all", "--output", "plan.json")
    assert done.returncode == 0
    assert "TEST_DATABASE_URL is not set; the plan is made without a database" in done.stderr
    document = json.loads((project.root / "plan.json").read_text())
    jsonschema.validate(document, SCHEMA)
    assert document["target"] is None
    assert "TEST_DATABASE_URL is not set" in project.run("plan").stderr
    project.environment.clear()
    done = project.apply()
    assert done.returncode == 1
    assert "made without a database" in done.stderr


def test_environments_a_migration_is_for(project: Project) -> None:
    project.write(
        {
            "1_a.yaml": "migration: {ddl: SELECT 1, applies_to: [{environment: production}]}",
            "2_b.yaml": "migration: {ddl: SELECT 1, applies_to: [{environment: default}]}",
            "3_c.sql": "SELECT 1",
        }
    )
    assert [each["version"] for each in project.plan()["migrations"]] == ["2", "3"]
    assert project.apply().returncode == 0
    assert project.status()["pending"] == []


def test_a_tree_that_shows_the_migrations_already(project: Project) -> None:
    project.write(
        {
            "confiture.yaml": "version: 1\nschema: {roots: [db/schema]}\nmigrations: {roots: [db/migrations]}\nlint: {ignore: [all], select: [duplicate-object]}\n"
            "environments: {default: {database_url: '${TEST_DATABASE_URL}'}}\n",
            "db/schema/1.sql": "CREATE TABLE a (n int);",
            "1_a.sql": "CREATE TABLE a (n int);",
        }
    )
    assert project.run("plan").returncode == 0
    project.write({"2_b.sql": "CREATE TABLE b (n int);", "3_c.sql": "CREATE TABLE b (n int);"})
    done = project.run("plan")
    assert done.returncode == 1
    assert "3_c.sql:1:1: error: table public.b is created twice" in done.stdout
