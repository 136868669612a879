"""Migrations in Python: the plan shows what can be read without importing them, and says what cannot."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.migrator.project import Project
from tests.migrator.test_dry_run import rehearsed

from confiture_linter.model import ConfigError
from confiture_migrator.migrations.python_class import read_class

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "migrator/confiture_migrator/plan/schema/plan-1.json").read_text()
)
TIER = """\
from pathlib import Path

from confiture_migrator.hooks import HookPhase, HookResult

Path("imported").touch()
NAME = "t"


class Count:
    \"\"\"Counts the rows.\"\"\"

    timeout = 20

    def execute(self, conn, context):
        return HookResult(rows=conn.execute("UPDATE t SET n = 0").rowcount)


class Tier:
    hooks = {HookPhase.AFTER_DDL: [Count()]}

    def up(self, conn):
        conn.execute("ALTER TABLE t ADD COLUMN tier text")
        conn.execute(f\"\"\"
            ALTER TABLE {NAME} ALTER COLUMN n TYPE bigint;
            CREATE INDEX i ON t (n)
        \"\"\")
        with conn.cursor() as cursor:
            cursor.execute("UPDATE t SET n = %s WHERE id < 11", [5])
        conn.execute("DO $$ BEGIN ALTER TABLE t ADD COLUMN z int; END $$")
        conn.execute("CREATE ROLE tier_role PASSWORD 'geheim'")
        conn.execute("DROP ROLE tier_role")

    def down(self, conn):
        conn.execute("ALTER TABLE t DROP COLUMN tier")
"""
FIRST = (
    "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT g, g FROM generate_series(1, 100) AS g;"
)


@pytest.mark.pg
def test_steps_and_hooks_are_read_without_importing(project: Project) -> None:
    project.write({"1_a.sql": FIRST, "2_b.py": TIER})
    project.plan()
    assert project.apply().returncode == 0
    (project.root / "imported").unlink()
    project.write({"3_c.py": TIER.replace("tier text", "more text").replace("INDEX i", "INDEX j")})
    document = project.plan()
    jsonschema.validate(document, SCHEMA)
    assert not (project.root / "imported").exists()
    (migration,) = document["migrations"]
    told = [
        (step["line"], step["sql"].split()[0], step["locks"], step["rewrites"]) for step in migration["steps"]
    ]
    assert told == [
        (22, "ALTER", {"public.t": "ACCESS EXCLUSIVE"}, []),
        (24, "ALTER", {"public.t": "ACCESS EXCLUSIVE"}, []),
        (25, "CREATE", {"public.t": "SHARE"}, []),
        (28, "UPDATE", {"public.t": "ROW EXCLUSIVE"}, []),
        (29, "DO", {"public.t": "ACCESS EXCLUSIVE"}, []),
        (30, "CREATE", {}, []),
        (31, "DROP", {}, []),
    ]
    assert migration["steps"][5]["sql"] == "CREATE ROLE tier_role PASSWORD '***'"
    (hook,) = migration["hooks"]["after_ddl"]
    assert (hook["type"], hook["description"], hook["timeout"], hook["in_python"]) == (
        "Count",
        "Counts the rows.",
        20,
        True,
    )
    assert migration["rollback"] == {"file": "db/migrations/3_c.py", "statements": 0}


@pytest.mark.pg
def test_every_statement_is_measured_and_compared(project: Project) -> None:
    project.write(
        {"1_a.sql": FIRST, "2_b.py": TIER.replace("ALTER COLUMN n TYPE bigint", "ALTER n TYPE bigint")}
    )
    project.plan()
    project.run("apply", "plan.json")
    project.write(
        {
            "3_c.py": TIER.replace("tier text", "more text")
            .replace("INDEX i", "INDEX j")
            .replace("t ADD COLUMN z", "t ADD COLUMN y")
        }
    )
    project.plan()
    (report,) = rehearsed(project).migrations
    assert report.ok, report.error
    assert [(step.line, step.sql.split()[0]) for step in report.steps] == [
        (22, "ALTER"),
        (23, "ALTER"),
        (28, "UPDATE"),
        (29, "DO"),
        (30, "CREATE"),
        (31, "DROP"),
    ]
    assert report.steps[2].rows["public.t"].updated == 10
    assert report.steps[0].locks["public.t"].mode.value == "ACCESS EXCLUSIVE"
    assert not [step.predicted.unknown for step in report.steps if step.predicted.unknown]
    assert [step.differences for step in report.steps] == [[]] * 6
    assert [(hook.type, hook.rows) for hook in report.hooks] == [("Count", 100)]
    assert "geheim" not in str(report)


UNREAD = """\
class A:
    def up(self, conn):
        conn.execute("CREATE TABLE a ()")
        for (name,) in conn.execute("SELECT relname FROM pg_class WHERE relname = 'a'").fetchall():
            conn.execute(f"DROP TABLE {name}")
"""
CAREFUL = """\
version: 1
migrations: {roots: [db/migrations]}
lint: {ignore: [all]}
environments: {default: {database_url: "${TEST_DATABASE_URL}", risk: {locking: LEVEL, data_loss: high, performance: high, compatibility: high}}}
"""


@pytest.mark.pg
def test_what_only_a_run_can_tell_is_refused_where_not_every_risk_is_accepted(project: Project) -> None:
    project.write({"1_a.py": UNREAD, "confiture.yaml": CAREFUL.replace("LEVEL", "medium")})
    done = project.run("plan")
    assert done.returncode == 1
    assert (
        "1_a.py:5:1: error: nobody can vet this before it runs: SQL that is put together: `name`"
        in done.stdout
    )
    assert "this environment does not accept every risk (locking)" in done.stdout
    document = project.plan(
        "--waive", "unread-python@db/migrations/1_a.py:5", "--reason", "seen in a dry-run"
    )
    (migration,) = document["migrations"]
    assert [(step["line"], step["sql"]) for step in migration["steps"]][-1] == (5, "")
    assert migration["risk"]["data_loss"] == "unknown"
    assert migration["rollback"] is None
    assert project.apply().returncode == 0
    project.write(
        {"confiture.yaml": CAREFUL.replace("LEVEL", "high"), "2_b.py": UNREAD.replace("class A", "class B")}
    )
    (finding,) = [each for each in project.plan()["findings"] if each["rule"] == "unread-python"]
    assert finding["severity"] == "warning"


@pytest.mark.pg
def test_a_refusal_names_the_line(project: Project) -> None:
    project.write(
        {
            "1_a.py": "class A:\n    def up(self, conn):\n        conn.execute('CREATE TABLE a ()')\n\n        conn.execute(\n            'SELECT 1/0')\n"
        }
    )
    project.plan()
    done = project.apply("--log", "json")
    assert done.returncode == 3
    assert "error: db/migrations/1_a.py:5: division by zero" in done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [(each["event"], each["line_number"]) for each in events if each["event"].startswith("step_")] == [
        ("step_start", 3),
        ("step_completed", 3),
        ("step_start", 5),
        ("step_failed", 5),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "1:1: has no class with a method `up` (write `class NAME:`"),
        ("class A:\n  def down(s, c): ...", "has no class with a method `up`"),
        ("class A:\n  def up(s c): ...", "2:12: not Python: "),
        ("x = '\0'", "not Python"),
    ],
)
def test_what_is_no_migration(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"m/1_p\.py") as caught:
        read_class(text.encode(), "m/1_p.py")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        ("  hooks = make()\n", [(2, "hooks that are put together")]),
        ("  hooks = {'cleanup': [x for x in y]}\n", [(2, "hooks that are put together")]),
        ("  hooks = {'cleanup': [\n    HOOK]}\n", [(3, "hooks that are put together")]),
        ("  def __init__(self):\n    self.hooks = {}\n", [(3, "hooks that are assigned")]),
        ("  @property\n  def hooks(self): ...\n", [(3, "hooks that a method returns")]),
        ("  hooks = {HookPhase.CLEANUP: [a.Mine(3)]}\n", []),
        ("", []),
    ],
)
def test_hooks_that_only_a_run_can_tell(body: str, unknown: list[tuple[int, str]]) -> None:
    told = read_class(f"class A:\n{body}  def up(s, c): ...\n".encode(), "1_p.py")
    assert [(line, reason.partition(" are known")[0]) for line, reason in told.text.unknown] == unknown
    assert [hook.type for hook in told.hooks] == (["Mine"] if "Mine" in body else [])


def test_what_a_base_class_brings() -> None:
    text = "class Base:\n  hooks = {'cleanup': [Mine()]}\n  def down(s, c): ...\nclass A(Base):\n  def up(s, c): ...\n"
    told = read_class(text.encode(), "1_p.py")
    assert [hook.type for hook in told.hooks] == ["Mine"]
    assert told.text.down
    told = read_class(b"class A(ours.Base):\n  def up(s, c): ...\n", "1_p.py")
    assert told.text.unknown == ((1, "hooks of its base class Base are known when it runs"),)
    assert told.text.down
