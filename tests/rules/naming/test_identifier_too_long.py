"""Names that PostgreSQL cuts: the parser has cut them already, so the text is asked."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.naming.identifier_too_long import identifier_too_long as rule

LONG = "a_name_that_goes_on_and_on_until_the_server_does_not_want_it_anymore"  # 68 bytes
CUT = LONG[:63]


def marked(sql: str, config: str = "") -> list[str]:
    data = sql.encode()
    return [data[f.span.start : f.span.end].decode() for f in check_texts(rule, sql, config)]


@pytest.mark.parametrize(
    ("sql", "mark"),
    [
        (f"CREATE TABLE app.{LONG} (id int);", LONG),
        (f'CREATE TABLE "{LONG}" (id int);', f'"{LONG}"'),
        (f"CREATE TABLE t (/* é */ id int, {LONG} int);", LONG),
        (f"CREATE TABLE t (id int CONSTRAINT {LONG} CHECK (id > 0));", LONG),
        (f"CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT {LONG} UNIQUE (id);", LONG),
        (f"CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN {LONG} int;", LONG),
        (f"CREATE TABLE t (id int); ALTER TABLE t RENAME TO {LONG};", LONG),
        (f"CREATE TABLE t (id int); ALTER TABLE t RENAME COLUMN id TO {LONG};", LONG),
        (f"CREATE VIEW app.{LONG} AS SELECT 1 AS one;", LONG),
        (f"CREATE OR REPLACE FUNCTION app.{LONG}() RETURNS int LANGUAGE sql AS 'SELECT 1';", LONG),
        (f"CREATE TYPE app.{LONG} AS ENUM ('a');", LONG),
        (f"CREATE SCHEMA IF NOT EXISTS {LONG};", LONG),
        (f"CREATE SEQUENCE {LONG};", LONG),
        (f"CREATE TABLE t (id int); CREATE POLICY {LONG} ON t USING (true);", LONG),
        (f"CREATE TABLE t (id int); CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {LONG} ON t (id);", LONG),
        ("CREATE TABLE t (" + "é" * 32 + " int);", "é" * 32),
    ],
)
def test_is_marked_where_it_is_written(sql: str, mark: str) -> None:
    assert marked(sql) == [mark]


@pytest.mark.parametrize(
    "sql",
    [
        f"CREATE TABLE {CUT} (id int);",
        "CREATE TABLE t (" + "é" * 31 + " int);",
        f"CREATE TABLE t (id int); ALTER TABLE t ADD {LONG} int; ALTER TABLE t DROP COLUMN {LONG};",
        f"CREATE TABLE {LONG} (id int); ALTER TABLE {LONG} RENAME TO short;",
        f"CREATE TABLE t (id int); SELECT 1 AS {LONG};",
        f"CREATE TEMPORARY TABLE {LONG} (id int);",
    ],
)
def test_is_silent(sql: str) -> None:
    assert marked(sql) == []


def test_copies_and_partitions_are_not_reported_again() -> None:
    sql = (
        f"CREATE TABLE a ({LONG} int) PARTITION BY LIST ({LONG});\n"
        "CREATE TABLE b PARTITION OF a FOR VALUES IN (1);\n"
        "CREATE TABLE c (LIKE a INCLUDING ALL);"
    )
    assert marked(sql) == [LONG]


def test_a_lower_limit_compares_what_is_there() -> None:
    config = "lint: {rules: {identifier-too-long: {options: {max_length: 10}}}}"
    assert marked("CREATE TABLE w_order (id int, elevenchars int);", config) == ["elevenchars"]


def test_says_both_names() -> None:
    (finding,) = check_texts(rule, f"CREATE TABLE {LONG} (id int);")
    assert f"table name {LONG} has {len(LONG)} bytes" in finding.message
    assert CUT in finding.help
