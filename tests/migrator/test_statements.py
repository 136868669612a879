"""Scripts become statements; what cannot be run as it stands is refused with its place."""

import psycopg
import pytest
from tests.pg_fixture import major

from confiture_linter.model import ConfigError
from confiture_migrator.migrations import Script
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.shadow import Shadow


def sqls(text: str) -> list[str]:
    return [each.sql for each in statements_of(Script(text, "f.sql"))]


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        statements_of(Script(text, "f.sql"))
    (problem,) = caught.value.problems
    return str(problem)


def test_statements_and_lines() -> None:
    text = "-- é\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN; RETURN 1; END $$;\n\n/* x */ SELECT ';'; -- end\n"
    made = statements_of(Script(text, "f.sql", 10))
    assert [(each.line, each.kind) for each in made] == [(11, "CreateFunctionStmt"), (14, "SelectStmt")]
    assert made[1].sql == "SELECT ';'"
    assert statements_of(Script("  -- nothing\n", "f.sql")) == ()


def test_the_transaction_around_all_of_it_is_the_migrators() -> None:
    assert sqls("BEGIN; SELECT 1; SELECT 2; COMMIT;") == ["SELECT 1", "SELECT 2"]
    assert sqls("START TRANSACTION; SELECT 1; END") == ["SELECT 1"]
    assert sqls("SAVEPOINT a; SELECT 1; ROLLBACK TO a; RELEASE a") == [
        "SAVEPOINT a",
        "SELECT 1",
        "ROLLBACK TO a",
        "RELEASE a",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1;\nCOMMIT;\nSELECT 2", "f.sql:2:1: COMMIT inside a migration"),
        ("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT", "f.sql:1:1: COMMIT inside a migration"),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT", "BEGIN inside a migration"),
        ("BEGIN; SELECT 1", "BEGIN inside a migration"),
        ("BEGIN; SELECT 1; ROLLBACK", "BEGIN inside a migration"),
        ("SELECT 1; DISCARD ALL", "DISCARD ALL inside a migration (remove it: it would let go of the lock"),
        ("SELECT 1;\n\\i other.sql\n", "f.sql:2:1: psql command \\i cannot be run here"),
        ("SELECT 1;\nCOPY t FROM stdin;\n1\n\\.\n", "inline COPY data"),
        ("SELECT 1;\nSELEC 2", 'f.sql:2:1: syntax error at or near "SELEC" (PostgreSQL cannot read it)'),
    ],
)
def test_what_cannot_be_run(text: str, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize(
    ("sql", "action", "name", "table"),
    [
        ('CREATE INDEX CONCURRENTLY "I x" ON s."T" (a)', "create-index", "I x", "T"),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", "create-index", "i", "t"),
        ("DROP INDEX CONCURRENTLY s.i", "drop-index", "i", ""),
        ("REINDEX INDEX CONCURRENTLY i", "reindex", "i", ""),
        ("REINDEX (CONCURRENTLY) TABLE t", "reindex", "", "t"),
        ("REINDEX SCHEMA public", "reindex", "", ""),
        ("ALTER TABLE p DETACH PARTITION q CONCURRENTLY", "detach", "", "q"),
        ("VACUUM FULL t", "repeatable", "", ""),
        ("ALTER SYSTEM SET work_mem = '1MB'", "repeatable", "", ""),
        ("CLUSTER", "repeatable", "", ""),
        ("CREATE DATABASE d", "create-database", "d", ""),
        ("DROP DATABASE d", "drop-database", "d", ""),
        ("ALTER DATABASE d SET TABLESPACE pg_default", "once", "", ""),
        ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "once", "", ""),
    ],
)
def test_outside_a_transaction(sql: str, action: str, name: str, table: str) -> None:
    (made,) = statements_of(Script(sql, "f.sql"))
    assert made.outside is not None
    assert (made.outside.action, made.outside.name, made.outside.table) == (action, name, table)


INSIDE = [
    "CREATE INDEX i3 ON t (a)",
    "DROP INDEX i",
    "REINDEX TABLE t",
    "REINDEX INDEX i",
    "ANALYZE t",
    "CLUSTER t USING i",
    "DISCARD PLANS",
    "ALTER TABLE p DETACH PARTITION q",
    "ALTER DATABASE postgres SET work_mem = '4MB'",
    "ALTER TYPE e ADD VALUE 'x'",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE)",
]
OUTSIDE = [
    "CREATE INDEX CONCURRENTLY i2 ON t (a)",
    "DROP INDEX CONCURRENTLY i",
    "REINDEX TABLE CONCURRENTLY t",
    "REINDEX SCHEMA public",
    "VACUUM t",
    "CLUSTER",
    "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
    "ALTER SYSTEM SET work_mem = '4MB'",
    "CREATE DATABASE confiture_never",
    "DROP DATABASE confiture_never",
    "CREATE TABLESPACE confiture_never LOCATION '/nowhere'",
]


@pytest.mark.pg
@pytest.mark.parametrize("sql", [*INSIDE, *OUTSIDE])
def test_postgresql_agrees_on_what_a_transaction_may_hold(shadow: Shadow, sql: str) -> None:
    if "DETACH" in sql and "CONCURRENTLY" in sql and major(shadow) < 14:
        pytest.skip("PostgreSQL detaches concurrently from 14 on")
    name = shadow.create_database("outside")
    try:
        with shadow.connect(name) as connection:
            connection.execute(
                "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TYPE e AS ENUM ('a');"
                "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN (1);"
                "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX ON m (a)"
            )
            connection.execute("BEGIN")
            try:
                connection.execute(sql.encode())
                refused_there = False
            except psycopg.errors.ActiveSqlTransaction:
                refused_there = True
            connection.execute("ROLLBACK")
        (made,) = statements_of(Script(sql, "f.sql"))
        assert (made.outside is not None) is refused_there
    finally:
        shadow.drop_database(name)


def test_passwords_are_never_shown() -> None:
    for sql in (
        "CREATE ROLE r LOGIN PASSWORD 'geheim'",
        "ALTER ROLE r PASSWORD E'gehei\\'m geheim'",
        "ALTER USER r WITH ENCRYPTED PASSWORD $x$geheim$x$",
        "CREATE USER MAPPING FOR r SERVER s OPTIONS (user 'u', password 'geheim')",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=geheim' PUBLICATION p",
    ):
        (made,) = statements_of(Script(sql, "f.sql"))
        if "$x$" not in sql:
            assert "geheim" in made.sql
        assert "geheim" not in made.shown, made.shown


def test_placeholders_are_filled_in() -> None:
    made = statements_of(Script("CREATE TABLE {{schema}}.t (a int)", "f.sql"), (("{{schema}}", "app"),))
    assert [each.sql for each in made] == ["CREATE TABLE app.t (a int)"]
