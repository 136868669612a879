"""What the built-in hooks do to a real database."""

import json
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.migrator.project import Project

from confiture_migrator.hooks import HookContext, HookError, HookPhase, HookResult, get_hook
from confiture_migrator.hooks.values import runs_outside

pytestmark = pytest.mark.pg


def context(**more: Any) -> HookContext:
    return HookContext("1_a", "1", HookPhase.AFTER_DDL, **more)


def run(project: Project, name: str, config: dict[str, object], **more: Any) -> HookResult:
    """Run a hook as the migrator would, in a transaction unless it is one for outside."""
    hook = get_hook(name)(config)
    with project.session() as connection:
        if runs_outside(hook):
            return hook.execute(connection, context(**more)) or HookResult()
        with connection.transaction():
            return hook.execute(connection, context(**more)) or HookResult()


def sql(project: Project, text: str) -> None:
    with project.session() as connection:
        connection.execute(text.encode())


SOURCE = """
CREATE TABLE src (tenant_id int, id int, label text, PRIMARY KEY (tenant_id, id));
INSERT INTO src SELECT n % 3, n, 'l' || n FROM generate_series(1, 25) AS n;
CREATE TABLE dst (tenant_id int, id int, label text, n int GENERATED ALWAYS AS (id * 2) STORED, PRIMARY KEY (tenant_id, id));
"""
FILL: dict[str, object] = {
    "source_table": "public.src",
    "target_table": "public.dst",
    "source_query": "SELECT id, tenant_id, label FROM src;",
    "batch_size": 10,
}


def test_backfill_in_batches(project: Project) -> None:
    sql(project, SOURCE)
    told: list[tuple[int, int | None, str]] = []
    result = run(
        project, "backfill_read_model", FILL, tenant_column="tenant_id", progress=lambda *a: told.append(a)
    )
    assert told == [(10, 25, "rows"), (20, 25, "rows"), (25, 25, "rows")]
    assert (result.rows, result.stats) == (25, {"backfilled": {"public.dst": 25}})
    assert project.one("SELECT count(*) FROM src NATURAL JOIN dst") == 25


@pytest.mark.parametrize("commit", [False, True])
def test_backfill_goes_on_where_it_stopped(project: Project, commit: bool) -> None:
    sql(project, SOURCE + "INSERT INTO dst SELECT tenant_id, id, 'as it was' FROM src WHERE id <= 7")
    result = run(project, "backfill_read_model", {**FILL, "commit_batches": commit})
    assert (result.rows, result.message) == (18, "7 rows were there already")
    assert project.one("SELECT count(*) FROM dst WHERE label = 'as it was'") == 7
    result = run(project, "backfill_read_model", {**FILL, "truncate": True})
    assert result.rows == 25


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"source_query": "SELECT id FROM src"},
            "source_query gives no tenant_id: rows of public.dst would belong to nobody",
        ),
        (
            {"source_query": "SELECT 99 AS tenant_id, id FROM src"},
            "25 rows whose tenant_id does not occur in public.src",
        ),
        ({"source_query": "SELECT tenant_id, id, label AS lable FROM src"}, "public.dst has no column lable"),
        ({"source_query": "SELECT tenant_id, id, 1 AS n FROM src"}, "public.dst computes n itself"),
        ({"target_table": "public.nowhere"}, "there is no table public.nowhere"),
    ],
)
def test_backfill_keeps_rows_with_their_tenants(
    project: Project, change: dict[str, object], said: str
) -> None:
    sql(project, SOURCE)
    with pytest.raises(HookError) as caught:
        run(project, "backfill_read_model", {**FILL, **change}, tenant_column="tenant_id")
    assert said in str(caught.value)
    assert project.one("SELECT count(*) FROM dst") == 0


@pytest.mark.parametrize("commit", [False, True])
def test_backfill_acts_for_the_tenant_of_each_batch(project: Project, commit: bool) -> None:
    sql(
        project,
        SOURCE + "ALTER TABLE dst ADD COLUMN seen int DEFAULT current_setting('app.tenant', true)::int",
    )
    with project.session() as connection, ExitStack() as inside:
        connection.execute("SET app.tenant = '77'")
        if not commit:
            inside.enter_context(connection.transaction())
        context = HookContext(
            "1_a", "1", HookPhase.AFTER_DDL, tenant_column="tenant_id", tenant_setting="app.tenant"
        )
        hook = get_hook("backfill_read_model")({**FILL, "batch_size": 5, "commit_batches": commit})
        result = hook.execute(connection, context)
        assert result is not None
        assert result.rows == 25
        assert connection.execute("SELECT current_setting('app.tenant')").fetchone() == ("77",)
    assert project.one("SELECT count(*), count(*) FILTER (WHERE seen = tenant_id) FROM dst") == (25, 25)


def test_backfill_where_policies_hide_rows(project: Project) -> None:
    policies = "".join(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; GRANT ALL ON {table} TO backfiller;"
        f"CREATE POLICY p ON {table} USING (tenant_id = nullif(current_setting('app.tenant', true), '')::int);"
        for table in ("src", "dst")
    )
    sql(
        project,
        f"CREATE ROLE backfiller; {SOURCE} {policies} CREATE TABLE root AS SELECT DISTINCT tenant_id AS id FROM src; GRANT SELECT ON root TO backfiller",
    )
    context = HookContext(
        "1_a", "1", HookPhase.AFTER_DDL, tenant_column="tenant_id", tenant_setting="app.tenant"
    )
    try:
        with project.session() as connection:
            connection.execute("SET ROLE backfiller")
            with pytest.raises(
                HookError, match=r"hides rows of public\.src and public\.dst from this role: give `tenants`"
            ):
                get_hook("backfill_read_model")(FILL).execute(connection, context)
            hook = get_hook("backfill_read_model")({**FILL, "tenants": "SELECT id FROM root"})
            with connection.transaction():
                result = hook.execute(connection, context)
            assert result is not None
            assert result.rows == 25
        assert project.one("SELECT count(*) FROM src NATURAL JOIN dst") == 25
    finally:
        sql(project, "DROP OWNED BY backfiller; DROP ROLE backfiller")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM src",
        "SELECT 1; SELECT 2",
        "SELEC",
        "WITH x AS (SELECT 1) SELECT * FROM x; DROP TABLE src",
    ],
)
def test_backfill_takes_one_select(query: str) -> None:
    with pytest.raises(HookError):
        get_hook("backfill_read_model")({**FILL, "source_query": query})


def test_backfill_with_names_and_signs_of_all_kinds(project: Project) -> None:
    sql(
        project,
        'CREATE TABLE "S %s" (id int, "a%b""c" text); INSERT INTO "S %s" VALUES (1, \'100%\'); CREATE TABLE "D" (LIKE "S %s")',
    )
    config = {
        "source_table": '"S %s"',
        "target_table": 'public."D"',
        "source_query": 'SELECT * FROM "S %s" WHERE "a%b""c" LIKE \'100%\'',
    }
    assert run(project, "backfill_read_model", config).rows == 1


def test_statistics(project: Project) -> None:
    sql(project, SOURCE)
    result = run(project, "analyze_statistics", {"tables": ["public.src"]})
    assert result.message == "1 tables"
    found = run(project, "capture_statistics", {"tables": ["src"]}).stats["statistics"]
    assert isinstance(found, dict)
    assert found["src"]["rows"] == 25
    every = run(project, "capture_statistics", {"exact": True, "into": "before"}).stats["before"]
    assert isinstance(every, dict)
    assert (every["src"]["rows"], every["dst"]["rows"]) == (25, 0)


def test_rebuild_index(project: Project) -> None:
    sql(project, SOURCE)
    before = project.one("SELECT pg_relation_filenode('src_pkey')")
    run(project, "rebuild_index", {"index": "public.src_pkey"})
    between = project.one("SELECT pg_relation_filenode('src_pkey')")
    run(project, "rebuild_index", {"table": "src", "concurrently": False})
    assert len({before, between, project.one("SELECT pg_relation_filenode('src_pkey')")}) == 3
    assert runs_outside(get_hook("rebuild_index")({"index": "i"}))
    with pytest.raises(HookError, match="not both"):
        get_hook("rebuild_index")({"index": "i", "table": "t"})


def test_rebuild_index_cleans_what_an_interrupted_one_left(project: Project) -> None:
    sql(project, SOURCE + "CREATE INDEX src_pkey_ccnew ON src (id); CREATE INDEX mine_ccnew ON dst (id)")
    sql(
        project,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('src_pkey_ccnew'::regclass, 'mine_ccnew'::regclass)",
    )
    run(project, "rebuild_index", {"index": "src_pkey"})
    assert not project.exists("src_pkey_ccnew")
    assert project.exists("mine_ccnew")  # of another index


def test_verify_consistency(project: Project) -> None:
    sql(project, SOURCE)
    checks = [
        {"name": "none", "sql": "SELECT id FROM src WHERE id > 100"},
        {"name": "some", "sql": "SELECT id FROM src WHERE id > 23"},
        {"name": "count", "sql": "SELECT count(*) FROM src", "expect": 25},
        {"name": "wrong", "sql": "SELECT 1.50", "expect": 2},
        {"name": "text", "sql": "SELECT 'a'", "expect": "a"},
        {"name": "truth", "sql": "SELECT true", "expect": True},
    ]
    result = run(
        project, "verify_consistency", {"checks": checks, "source_table": "src", "target_table": "dst"}
    )
    assert [(check.name, check.ok) for check in result.checks] == [
        ("none", True),
        ("some", False),
        ("count", True),
        ("wrong", False),
        ("text", True),
        ("truth", True),
        ("rows of src and dst", False),
    ]
    assert result.checks[1].detail == "found 24; 25, where no rows should be"
    assert result.checks[3].detail == "Decimal('1.50') instead of 2"
    keyed = run(
        project,
        "verify_consistency",
        {"source_table": "src", "target_table": "dst", "key": ["tenant_id", "id"]},
    )
    assert keyed.checks[0].detail == "25 keys are missing from dst, 0 are too many"
    run(project, "backfill_read_model", FILL)
    keyed = run(project, "verify_consistency", {"source_table": "src", "target_table": "dst", "key": "id"})
    assert keyed.checks[0].ok


def test_a_check_that_fails_fails_the_migration(project: Project) -> None:
    project.write(
        {
            "1_a.yaml": "migration:\n  ddl: CREATE TABLE made ()\n  hooks:\n    after_validation:\n      - {type: verify_consistency, config: {checks: [{name: empty, sql: SELECT 7}]}}\n"
        }
    )
    project.plan()
    done = project.apply()
    assert done.returncode == 3
    assert "hook verify_consistency in after_validation failed: empty: found 7" in done.stderr
    assert not project.exists("made")


def test_application_queries(project: Project) -> None:
    sql(project, SOURCE)
    queries = ["DELETE FROM src", "SELECT  nothing\nFROM src", "SELECT '100%'"]
    result = run(project, "test_application_queries", {"queries": queries})
    assert [(check.name, check.ok) for check in result.checks] == [
        ("DELETE FROM src", True),
        ("SELECT nothing FROM src", False),
        ("SELECT '100%'", True),
    ]
    assert result.checks[1].detail == 'column "nothing" does not exist'
    assert project.one("SELECT count(*) FROM src") == 25


def test_drop_temporary_tables(project: Project) -> None:
    sql(project, "CREATE TABLE left_over (); CREATE TABLE kept ()")
    with project.session() as connection:
        connection.execute('CREATE TEMP TABLE "T 1" (); CREATE TEMP TABLE kept ()')
        get_hook("drop_temporary_tables")({}).execute(connection, context())
        assert connection.execute(
            "SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'"
        ).fetchone() == (0,)
    run(project, "drop_temporary_tables", {"tables": ["public.left_over", "never_there"]})
    assert not project.exists("left_over")
    assert project.exists("kept")


def test_rebuild_read_models(project: Project) -> None:
    sql(
        project,
        SOURCE + "CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n FROM src WITH NO DATA;"
        "CREATE FUNCTION fill() RETURNS void LANGUAGE sql AS 'INSERT INTO dst SELECT * FROM src'",
    )
    result = run(project, "rebuild_read_models", {"views": "mv", "functions": ["public.fill"]})
    assert result.message == "2 read models"
    assert project.one("SELECT n FROM mv") == 25
    assert project.one("SELECT count(*) FROM dst") == 25


def test_sql(project: Project) -> None:
    assert (
        run(
            project, "sql", {"sql": "CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2); SELECT * FROM t"}
        ).rows
        == 2
    )
    assert runs_outside(get_hook("sql")({"sql": "VACUUM"}))
    for text, said in (("SELEC", "cannot be read"), ("BEGIN; SELECT 1", "leave BEGIN and COMMIT")):
        with pytest.raises(HookError, match=said):
            get_hook("sql")({"sql": text})
    with pytest.raises(HookError, match="runs outside a transaction, and others: write a hook for each"):
        get_hook("sql")({"sql": "CREATE INDEX CONCURRENTLY i ON t (n); SELECT 1"})
    assert get_hook("sql")({"sql": "VACUUM t; VACUUM u"})
    with pytest.raises(HookError, match="config has no key sqls; known: sql"):
        get_hook("sql")({"sql": "SELECT 1", "sqls": 1})


DUMP = """#!/bin/sh
for a in "$@"; do case "$a" in --file=*) out="${a#--file=}";; esac; done
echo "$PGHOST $PGPORT $PGUSER $PGDATABASE $PGPASSWORD" > "$out"
echo "$@" > "$out.arguments"
[ -z "$FAIL" ] || { echo "disk full" >&2; exit 1; }
"""


def test_backup(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(DUMP)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    hook = get_hook("backup_database")({"directory": str(tmp_path / "b"), "pg_dump": str(program)})
    assert runs_outside(hook)
    import psycopg

    with psycopg.connect(project.url, password="geheim") as connection:
        first = hook.execute(connection, context())
        second = hook.execute(connection, context())
    assert first is not None
    assert second is not None
    files = [Path(str(each.stats["backup"])) for each in (first, second)]
    assert [file.name for file in files] == [
        f"{project.database}-before-1.dump",
        f"{project.database}-before-1-2.dump",
    ]
    assert files[0].read_text().split()[-2:] == [project.database, "geheim"]
    assert "geheim" not in Path(f"{files[0]}.arguments").read_text()  # arguments are visible to everyone
    monkeypatch.setenv("FAIL", "1")
    with project.session() as connection, pytest.raises(HookError, match="pg_dump failed: disk full"):
        hook.execute(connection, context())
    assert len(list((tmp_path / "b").glob("*.dump"))) == 2  # half a dump is none
    with project.session() as connection, pytest.raises(HookError, match="is not installed here"):
        get_hook("backup_database")({"pg_dump": "no_such_program"}).execute(connection, context())


def test_backup_comes_before_the_transaction(project: Project, tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(DUMP)
    program.chmod(0o755)
    project.write({"1_a.yaml": "migration:\n  ddl: CREATE TABLE made ()\n"})
    hook = json.dumps(
        {"type": "backup_database", "config": {"directory": str(tmp_path / "b"), "pg_dump": str(program)}}
    )
    project.write(
        {
            "confiture.yaml": (project.root / "confiture.yaml").read_text()
            + f"hooks: {{before_ddl: [{hook}]}}\n"
        }
    )
    project.plan()
    assert project.apply().returncode == 0
    assert len(list((tmp_path / "b").iterdir())) == 2
