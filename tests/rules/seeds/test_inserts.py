"""INSERTs against the table as it is when they run."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.seeds.insert_arity_mismatch import insert_arity_mismatch as arity
from confiture_rules.seeds.insert_duplicate_column import insert_duplicate_column as duplicate
from confiture_rules.seeds.insert_missing_not_null_column import insert_missing_not_null_column as missing
from confiture_rules.seeds.insert_without_column_list import insert_without_column_list as without

TABLE = "CREATE TABLE t (a int, b text, c int[]);\n"


@pytest.mark.parametrize(
    ("insert", "found"),
    [
        ("t (a, b) VALUES (1)", 1),
        ("t (a, b) VALUES (1, 'x', 3)", 1),
        ("t (a, b) VALUES (1, 'x'), (2)", 1),
        ("t (a, b) SELECT 1", 1),
        ("t (a, b) SELECT 1, 'x' UNION ALL SELECT 2, 'y'", 0),
        ("t (a, b) SELECT * FROM t", 1),
        ("t (a, b) SELECT * FROM elsewhere", 0),
        ("t (a, b) WITH q AS (SELECT 1 AS x, 2 AS y) SELECT * FROM q", 0),
        ("t (a, b) WITH q AS (VALUES (1, 'x')) SELECT * FROM q", 0),
        ("t (a, b) SELECT (f()).*", 0),
        ("t (a, b) (VALUES (1, 'x'))", 0),
        ("t VALUES (1)", 0),
        ("t VALUES (1, 'x', '{}', 4)", 1),
        ("t SELECT q.* FROM t AS q", 0),
        ("t SELECT q.*, 1 FROM t AS q", 1),
        ("t DEFAULT VALUES", 0),
    ],
)
def test_arity(insert: str, found: int) -> None:
    assert len(check_texts(arity, f"{TABLE}INSERT INTO {insert};")) == found


def test_arity_of_records_and_of_tables_that_change() -> None:
    body = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1, NEW.*, 3, 4, 5); RETURN NEW; END $$;"
    assert check_texts(arity, TABLE + body) == []
    assert (
        check_texts(arity, TABLE + "INSERT INTO t VALUES (1, 'x', '{}'); ALTER TABLE t DROP COLUMN c;") == []
    )


@pytest.mark.parametrize(
    ("columns", "found"), [("a, b, a", 1), ("a, b", 0), ("c[1], c[2]", 0), ("a, a, a", 2), ('"A", a', 0)]
)
def test_duplicate_columns(columns: str, found: int) -> None:
    sql = f"{TABLE}INSERT INTO t ({columns}) SELECT * FROM elsewhere;"
    assert len(check_texts(duplicate, sql)) == found


@pytest.mark.parametrize(
    ("insert", "found"),
    [("t VALUES (1)", 1), ("t DEFAULT VALUES", 0), ("t (a) VALUES (1)", 0), ("elsewhere VALUES (1)", 0)],
)
def test_without_column_list(insert: str, found: int) -> None:
    assert len(check_texts(without, f"{TABLE}INSERT INTO {insert};")) == found


DOMAINS = "CREATE DOMAIN full AS text DEFAULT ''; CREATE DOMAIN strict AS text NOT NULL;"


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("text NOT NULL", 1),
        ("text", 0),
        ("text NOT NULL DEFAULT ''", 0),
        ("serial", 0),
        ("int GENERATED ALWAYS AS IDENTITY", 0),
        ("int NOT NULL GENERATED ALWAYS AS (a + 1) STORED", 0),
        ("full NOT NULL", 0),
        ("strict", 1),
        ("elsewhere.some NOT NULL", 0),
        ("int PRIMARY KEY", 1),
    ],
)
def test_missing_not_null(column: str, found: int) -> None:
    sql = f'{DOMAINS} CREATE TABLE "S".t (a int, b {column});\n/* é */ INSERT INTO "S".t (a) VALUES (1);'
    findings = check_texts(missing, sql)
    assert [sql.encode()[f.span.start : f.span.end].decode() for f in findings] == ['"S".t'] * found
    assert len(check_texts(missing, sql.replace("t (a) VALUES", "t VALUES"))) == found
    assert len(check_texts(missing, sql.replace("t (a) VALUES (1)", "t DEFAULT VALUES"))) == found


NEEDED = "CREATE TABLE t (a int, b int NOT NULL);"
INSERT = "INSERT INTO t (a) VALUES (1);"


BODY = "CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t (a) VALUES (1); END $$;"


def trigger(statement: str, when: str = "BEFORE INSERT OR UPDATE") -> str:
    return (
        f"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NEW; END $$;"
        f"CREATE TRIGGER r {when} ON t FOR EACH ROW EXECUTE FUNCTION f();"
    )


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (NEEDED + trigger("NEW.b := 1") + INSERT, 0),
        (NEEDED + trigger("SELECT 1 INTO NEW.b") + INSERT, 0),
        (NEEDED + trigger("NEW := NEW") + INSERT, 0),
        (NEEDED + trigger("NEW.a := 1") + INSERT, 1),
        (NEEDED + trigger("NEW.b := 1", "AFTER INSERT") + INSERT, 1),
        (
            NEEDED
            + "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION elsewhere();"
            + INSERT,
            0,
        ),
        ("CREATE TABLE t (a int, b int);" + INSERT + "ALTER TABLE t ALTER b SET NOT NULL;", 0),
        ("CREATE TABLE t (a int);" + INSERT + "ALTER TABLE t ADD b int NOT NULL;", 0),
        ("CREATE TABLE t (a int); ALTER TABLE t ADD b int NOT NULL;" + INSERT, 1),
        (NEEDED + "ALTER TABLE t ALTER b SET DEFAULT 0;" + INSERT, 0),
        (NEEDED + INSERT + "ALTER TABLE t DISABLE ROW LEVEL SECURITY;", 1),
        (BODY + NEEDED, 1),
        (NEEDED + BODY + "ALTER TABLE t DROP COLUMN b;", 0),
        (NEEDED + BODY + "DROP TABLE t; CREATE TABLE t (a int);", 0),
        (NEEDED + BODY + "ALTER TABLE t RENAME TO u;", 0),
        (NEEDED + "CREATE TEMP TABLE u (b int NOT NULL); INSERT INTO u DEFAULT VALUES;", 0),
        (NEEDED + "CREATE VIEW v AS SELECT a FROM t; INSERT INTO v (a) VALUES (1);", 0),
        (
            NEEDED
            + "DO $$ BEGIN EXECUTE format('ALTER TABLE t ALTER b SET DEFAULT %s', 1); END $$;"
            + INSERT,
            0,
        ),
        (NEEDED + "DO $$ BEGIN INSERT INTO t (a) VALUES (1); END $$;", 1),
    ],
)
def test_triggers_and_time(sql: str, found: int) -> None:
    assert len(check_texts(missing, sql)) == found
