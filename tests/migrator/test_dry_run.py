"""Dry-run: everything is really executed, nothing stays, and the figures are PostgreSQL's own."""

import json
from contextlib import chdir
from typing import Any

import pytest
from tests.migrator.project import Project, everything

from confiture_linter.effects.values import Effects, LockMode
from confiture_migrator.events import Recorder
from confiture_migrator.plan import Plan, load_plan
from confiture_migrator.plan.base import target_base
from confiture_migrator.rehearse.dry_run import Options, on_shadow
from confiture_migrator.rehearse.estimate import Run, as_executed, estimate
from confiture_migrator.rehearse.fill import fill
from confiture_migrator.rehearse.values import DryRun, MigrationReport
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg
TREE = """\
CREATE TABLE tenant (id uuid PRIMARY KEY);
CREATE TABLE item (id int PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenant, label varchar(9), n int DEFAULT 1);
CREATE INDEX ix_item ON item (label);
CREATE TABLE other (id int PRIMARY KEY);
INSERT INTO other SELECT generate_series(1, 50);
CREATE TABLE big AS SELECT n FROM generate_series(1, 50000) AS n;
"""
MIGRATIONS = {
    "1_a.sql": "ALTER TABLE item ALTER COLUMN n TYPE bigint;\nUPDATE other SET id = -id;\nDELETE FROM other WHERE id < -40;\n"
    "INSERT INTO other VALUES (1), (2);\nALTER TABLE item ADD CONSTRAINT ck CHECK (n > 0);",
    "2_b.sql": "CREATE INDEX CONCURRENTLY ix_big ON big (n);\nDROP INDEX ix_item;",
    "3_c.yaml": "migration:\n  ddl: CREATE TABLE made (id int PRIMARY KEY REFERENCES other)\n  hooks:\n"
    "    before_ddl: [{type: backup_database}]\n    after_ddl: [{type: sql, config: {sql: INSERT INTO made SELECT id FROM other WHERE id > 0}}]\n",
}
WITH_TREE = """\
version: 1
schema: {roots: [db/schema]}
migrations: {roots: [db/migrations]}
lint: {select: [], ignore: [all]}
environments:
  default:
    database_url: "${TEST_DATABASE_URL}"
    risk: {locking: high, data_loss: high, performance: high, compatibility: high}
"""


@pytest.fixture
def tree(project: Project) -> Project:
    project.write({"confiture.yaml": WITH_TREE, "db/schema/1.sql": TREE, **MIGRATIONS})
    return project


def rehearsed(project: Project, options: Options = Options()) -> DryRun:  # noqa: B008 - immutable
    """Dry-run on the server that the tests share."""
    from confiture_linter.config import load_config

    plan, _ = load_plan(str(project.root / "plan.json"))
    with Shadow.at(project.shadow.dsn("postgres")) as own, chdir(project.root):
        return on_shadow(load_config(str(project.root / "confiture.yaml")), plan, own, options, Recorder())


def test_figures(tree: Project) -> None:
    tree.plan("--all")
    with tree.session() as connection:
        before = everything(connection)
    made = rehearsed(tree)
    with tree.session() as connection:
        assert everything(connection) == before
    assert made.ok, [report.error for report in made.migrations]
    first, second, third = made.migrations
    retype, update, delete, insert, check = first.steps
    assert (retype.rewrites, retype.index_rebuilds) == (
        ["public.item"],
        ["public.item_pkey", "public.ix_item"],
    )
    assert retype.locks["public.item"].mode is LockMode.ACCESS_EXCLUSIVE
    assert update.rows == {"public.other": (0, 50, 0)}
    assert delete.rows == {"public.other": (0, 0, 10)}
    assert insert.rows == {"public.other": (2, 0, 0)}
    assert update.locks["public.other"].mode is LockMode.ROW_EXCLUSIVE
    assert "public.other" not in delete.locks  # it was held already
    assert check.scans == ["public.item"]
    assert retype.locks["public.item"].held_seconds >= update.locks["public.other"].held_seconds > 0
    assert update.wal_bytes > 1000
    assert first.constraints["added"] == ["public.item.ck"]
    build, drop = second.steps
    assert build.locks["public.big"].mode is LockMode.SHARE_UPDATE_EXCLUSIVE
    assert drop.locks["public.item"].mode is LockMode.ACCESS_EXCLUSIVE
    assert second.indexes == {"added": ["public.ix_big"], "dropped": ["public.ix_item"]}
    assert third.steps[0].locks["public.other"].mode is LockMode.SHARE_ROW_EXCLUSIVE
    assert [(hook.type, hook.ok, hook.rows, bool(hook.skipped)) for hook in third.hooks] == [
        ("backup_database", True, 0, True),
        ("sql", True, 2, False),
    ]
    assert [(s.sql, s.differences) for r in made.migrations for s in r.steps if s.differences] == []


def test_what_is_rebuilt_outside_a_transaction(tree: Project) -> None:
    tree.write(
        {
            "1_a.sql": "REINDEX INDEX CONCURRENTLY ix_item",
            "2_b.sql": "VACUUM FULL big",
            "3_c.yaml": "migration: {ddl: 'TRUNCATE other, item'}",
        }
    )
    tree.plan("--all")
    made = rehearsed(tree)
    assert made.ok
    reindex, vacuum, truncate = (report.steps[0] for report in made.migrations)
    assert (reindex.index_rebuilds, reindex.rewrites) == (["public.ix_item"], [])
    assert (vacuum.index_rebuilds, vacuum.rewrites) == ([], ["public.big"])
    assert (truncate.index_rebuilds, truncate.rewrites) == ([], [])


def test_differences_between_prediction_and_observation(tree: Project) -> None:
    tree.write(
        {
            "1_a.sql": "ALTER TABLE item ALTER COLUMN n TYPE bigint",
            "2_b.sql": "SELECT 1",
            "3_c.yaml": "migration: {ddl: SELECT 1}",
        }
    )
    tree.plan("--all")
    plan, _ = load_plan(str(tree.root / "plan.json"))

    def with_effects(effects: Effects) -> list[str]:
        first = plan.migrations[0]
        changed: Plan = plan._replace(
            migrations=(
                first._replace(steps=(first.steps[0]._replace(effects=effects),)),
                *plan.migrations[1:],
            )
        )
        from confiture_linter.config import load_config

        with Shadow.at(tree.shadow.dsn("postgres")) as own:
            made = on_shadow(
                load_config(str(tree.root / "confiture.yaml")), changed, own, Options(), Recorder()
            )
        return made.migrations[0].steps[0].differences

    strongest = LockMode.ACCESS_EXCLUSIVE
    right = Effects((("public.item", strongest),), ("public.item",), ("public.item",))
    assert with_effects(right) == []
    assert with_effects(Effects((("public.item", LockMode.SHARE),))) == [
        "PostgreSQL took ACCESS EXCLUSIVE on public.item, predicted SHARE",
        "PostgreSQL made a rewrite of public.item, predicted none",
        "PostgreSQL made a scan of public.item, predicted none",
    ]
    assert with_effects(
        right._replace(locks=(("public.item", strongest), ("public.tenant", LockMode.SHARE)))
    ) == ["predicted SHARE on public.tenant, PostgreSQL took none"]
    assert with_effects(Effects(unknown=("everything",))) == []


def test_a_migration_that_fails(tree: Project) -> None:
    tree.write({"2_b.sql": "INSERT INTO item VALUES (1, gen_random_uuid())"})
    tree.plan("--all")
    made = rehearsed(tree)
    assert not made.ok
    assert [report.ok for report in made.migrations] == [True, False, False]
    assert made.migrations[1].error is not None
    assert "violates foreign key constraint" in made.migrations[1].error
    assert made.migrations[1].violations
    assert made.migrations[2].error == "not reached: 2_b failed"


def test_the_command_on_the_embedded_server(tree: Project) -> None:
    tree.environment["TEST_DATABASE_URL"] = ""
    tree.good("plan", "--all", "--output", "plan.json")
    printed = tree.good("dry-run", "plan.json", "--format", "json", "-q")
    document = json.loads(printed)
    assert (document["version"], document["ok"], document["on"]) == (1, True, "shadow")
    assert document["server_version"] == tree.shadow.server_version
    step = document["migrations"][0]["steps"][1]
    assert step["rows"] == {"public.other": {"inserted": 0, "updated": 50, "deleted": 0}}
    assert step["predicted"]["locks"] == {"public.other": "ROW EXCLUSIVE"}
    assert document["totals"]["failed"] == 0
    assert document["totals"]["rows"] == 62
    text = tree.good("dry-run", "plan.json")
    assert "public.other: 0 inserted, 50 updated, 0 deleted" in text
    assert "hook backup_database in before_ddl: left out: it has effects outside the database" in text
    tree.write({"db/schema/2.sql": "CREATE TABLE broken (x nothing);"})
    done = tree.run("dry-run", "plan.json")
    assert done.returncode == 2
    assert (
        'the schema tree cannot be built on the shadow: db/schema/2.sql: type "nothing" does not exist'
        in done.stderr
    )
    (tree.root / "db/schema/2.sql").unlink()
    tree.write({"1_a.sql": "SELECT 1"})
    assert "was edited after it was vetted" in tree.run("dry-run", "plan.json").stderr
    tree.write({"1_a.sql": "SELECT 1/0"})
    tree.good("plan", "--all", "--output", "plan.json")
    assert tree.run("dry-run", "plan.json").returncode == 3


def test_earlier_migrations_are_part_of_the_base(project: Project) -> None:
    project.write({"1_a.sql": "CREATE TABLE a (n int)", "2_b.sql": "ALTER TABLE a ADD COLUMN m int"})
    project.plan()
    assert project.apply().returncode == 0
    project.write({"3_c.sql": "ALTER TABLE a DROP COLUMN m"})
    assert [each["version"] for each in project.plan()["migrations"]] == ["3"]
    made = rehearsed(project)
    assert made.ok, made.migrations[0].error
    assert made.notes[0] == "built from 0 files of the schema tree and 2 earlier migrations"


def test_a_tree_that_has_the_earlier_migrations_already(tree: Project) -> None:
    tree.write({"0_z.sql": "CREATE TABLE other (id int)"})
    with tree.session() as connection:
        connection.execute(TREE.encode())
    tree.write({name: "SELECT 1" for name in MIGRATIONS if name.endswith(".sql")})
    tree.write({"3_c.yaml": "migration: {ddl: SELECT 1}", "0_z.sql": "SELECT 0"})
    tree.plan()
    assert tree.apply().returncode == 0
    tree.write({"0_z.sql": "CREATE TABLE other (id int)", "4_d.sql": "SELECT 4"})
    tree.plan()
    assert rehearsed(tree).notes[1] == "the schema tree has these already: 0_z"


# On the target.


def test_on_the_target_everything_is_rolled_back(tree: Project) -> None:
    with tree.session() as connection:
        connection.execute(TREE.encode())
    tree.write(
        {
            "2_b.sql": "DROP TABLE other CASCADE",
            "3_c.yaml": "migration:\n  ddl: SELECT 1\n  hooks: {cleanup: [{type: sql, config: {sql: CREATE TABLE hooked ()}}]}\n",
        }
    )
    tree.plan()
    with tree.session() as connection:
        before, base = everything(connection), target_base(connection, ())
    done = tree.run("dry-run", "plan.json", "--on-target", "--repeat", "3", "--format", "json")
    assert done.returncode == 0, done.stderr
    with tree.session() as connection:
        assert everything(connection) == before
        assert target_base(connection, ()) == base
    assert "will hold ACCESS EXCLUSIVE on public.other until the end" in done.stderr
    assert "everything is rolled back" in done.stderr
    document = json.loads(done.stdout)
    assert document["on"] == "target"
    first = document["migrations"][0]
    assert first["steps"][1]["rows"]["public.other"]["updated"] == 50
    made = first["estimate"]
    assert made["low"] <= made["seconds"] <= made["high"]
    assert 0 <= made["confidence"] <= 1
    assert made["basis"] == "3 executions on the target, rolled back"
    assert tree.ledger() == []


def test_on_the_target_a_failure_is_rolled_back_too(tree: Project) -> None:
    tree.write({name: "CREATE TABLE made (n int); SELECT 1/0" for name in MIGRATIONS if name.endswith("sql")})
    tree.plan()
    done = tree.run("dry-run", "plan.json", "--on-target", "-q")
    assert done.returncode == 3
    assert "FAILED" in done.stdout
    assert not tree.exists("made")


def test_on_the_target_what_cannot_be_rolled_back_is_refused(tree: Project) -> None:
    tree.plan()
    done = tree.run("dry-run", "plan.json", "--on-target")
    assert done.returncode == 1
    assert (
        "2_b is done step by step, and what it does outside a transaction cannot be rolled back"
        in done.stderr
    )
    assert (
        "does not go with --on-target"
        in tree.run("dry-run", "plan.json", "--on-target", "--fill", "5").stderr
    )


def test_on_the_target_a_python_migration_cannot_commit(project: Project) -> None:
    project.write(
        {
            "1_a.py": "class A:\n    def up(self, conn):\n        conn.execute('CREATE TABLE a ()'); conn.commit()\n"
        }
    )
    project.plan()
    assert project.run("dry-run", "plan.json", "--on-target").returncode == 3
    assert not project.exists("a")


# Synthetic rows.

HARD = """\
CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@]+@[^@]+\\.[a-z]+$');
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE tenant (id uuid PRIMARY KEY, code char(3) UNIQUE CHECK (code ~ '^[A-Z]{3}$'));
CREATE TABLE customer (
  tenant_id uuid REFERENCES tenant, id bigint GENERATED ALWAYS AS IDENTITY, mail mail NOT NULL, colour colour NOT NULL,
  rate percent NOT NULL, bonus percent NOT NULL, state text NOT NULL CHECK (state IN ('new', 'old')), digits smallint CHECK (digits BETWEEN 0 AND 4),
  born date NOT NULL, died date, tags text[] NOT NULL, doc jsonb NOT NULL, pair pair NOT NULL, hash bytea CHECK (octet_length(hash) = 32),
  doubled int GENERATED ALWAYS AS (digits * 2) STORED, CHECK (died > born), PRIMARY KEY (tenant_id, id));
CREATE TABLE purchase (
  tenant_id uuid, id uuid, customer_id bigint NOT NULL, during tstzrange NOT NULL, parent_id uuid,
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES purchase (tenant_id, id), EXCLUDE USING gist (during WITH &&));
CREATE TABLE loop_a (id int PRIMARY KEY, b int);
CREATE TABLE loop_b (id int PRIMARY KEY, a int NOT NULL REFERENCES loop_a);
ALTER TABLE loop_a ADD FOREIGN KEY (b) REFERENCES loop_b;
CREATE TABLE parted (n int) PARTITION BY RANGE (n);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10000);
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE TRIGGER never BEFORE INSERT ON tenant FOR EACH ROW EXECUTE FUNCTION never();
CREATE TABLE impossible (n int NOT NULL CHECK (n * n = 7));
"""


def test_synthetic_rows_honour_types_keys_and_checks(project: Project) -> None:
    with project.session() as connection:
        connection.execute(HARD.encode())
        notes = fill(connection, 500)
        assert notes == [
            'public.impossible: no synthetic rows, new row for relation "impossible" violates check constraint "impossible_n_check"'
        ]
        for table in ("tenant", "customer", "purchase", "loop_a", "loop_b", "parted"):
            assert connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (500,), table
        assert connection.execute("SHOW session_replication_role").fetchone() == ("origin",)
        # Foreign keys were not checked on the way in: check every one now.
        for table, name in connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid <> 0"
        ).fetchall():
            definition = connection.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
                [name, table],
            ).fetchone()
            assert definition is not None
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT again {definition[0]}".encode())
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT again".encode())
        assert connection.execute(
            "SELECT count(DISTINCT customer_id) FROM purchase JOIN customer USING (tenant_id)"
        ).fetchone() == (500,)


def test_estimates_from_two_sizes(tree: Project) -> None:
    tree.write(
        {
            "1_a.sql": "ALTER TABLE item ALTER COLUMN n TYPE bigint",
            "2_b.sql": "SELECT 1",
            "3_c.yaml": "migration: {ddl: SELECT 1}",
            "db/snapshot.json": json.dumps({"version": 1, "relations": {"public.item": {"rows": 20_000}}}),
            "confiture.yaml": WITH_TREE.replace(
                "[db/migrations]}", "[db/migrations], snapshot: db/snapshot.json}"
            ),
        }
    )
    tree.plan("--all")
    made = rehearsed(tree, Options(4000, 2, {"public.item": 20_000}))
    assert made.ok
    first = made.migrations[0].estimate
    assert first.seconds is not None
    assert first.low is not None
    assert first.high is not None
    assert 0 <= first.low <= first.seconds <= first.high
    assert first.seconds > 0
    assert (
        first.basis
        == "4 executions on a shadow with 1000 to 4000 rows a table, scaled to 20000 rows of the snapshot"
    )
    assert rehearsed(tree, Options(100)).migrations[0].estimate.basis.startswith("no table sizes are known")
    assert rehearsed(tree).migrations[0].estimate.basis.startswith("the shadow has no rows")


def run_of(seconds: float, rows: int) -> Run:
    return Run(MigrationReport("1", "a", seconds=seconds, touched=("t",)), rows)


def test_the_line_and_its_interval() -> None:
    exact = [run_of(1.0 + rows / 1000, rows) for rows in (250, 250, 1000, 1000)]
    made = estimate(exact, {"t": 10_000})
    assert made.seconds == pytest.approx(11.0)
    assert made.low == pytest.approx(made.high)
    assert made.confidence == pytest.approx(0.5, abs=0.01)  # ten times as many rows as were tried
    assert estimate(exact, {"t": 1000}).confidence == pytest.approx(1.0)
    noisy = [run_of(1.0, 250), run_of(1.5, 250), run_of(2.0, 1000), run_of(3.0, 1000)]
    wide = estimate(noisy, {"t": 2000})
    assert wide.seconds is not None
    assert wide.low is not None
    assert wide.high is not None
    assert wide.low < wide.seconds < wide.high
    assert wide.confidence < 0.5
    assert estimate(exact, {"u": 5}).confidence == 0.0
    assert as_executed([run_of(2.0, 0)], "").confidence == 0.0
    assert as_executed([run_of(2.0, 0)] * 3, "")[:4] == (2.0, 2.0, 2.0, 1.0)


def test_snapshot(tree: Project) -> None:
    with tree.session() as connection:
        connection.execute(TREE.encode())
        connection.execute("ANALYZE")
        before = everything(connection)
    tree.good("snapshot", "--output", "snap.json")
    with tree.session() as connection:
        assert everything(connection) == before
    document: dict[str, Any] = json.loads((tree.root / "snap.json").read_text())
    other = document["relations"]["public.other"]
    assert (other["kind"], other["rows"]) == ("table", 50)
    assert document["relations"]["public.item"]["columns"][1] == {
        "name": "tenant_id",
        "type": "uuid",
        "not_null": True,
    }
    assert tree.good("snapshot") == (tree.root / "snap.json").read_text()
    assert "50 rows  public.other (table)" in tree.good("snapshot", "--format", "text")
