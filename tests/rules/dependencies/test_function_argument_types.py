"""Calls with types that no version of a function takes, as the server has it."""

import psycopg
import pytest

from confiture_linter.engine.memory import check_texts
from confiture_migrator.shadow import Shadow
from confiture_rules.dependencies.function_argument_types import function_argument_types

GIVEN = """
CREATE TYPE mood AS ENUM ('low');
CREATE DOMAIN word AS text;
CREATE TABLE t (id int PRIMARY KEY, name text, m mood, at date, big bigint, w word, tags text[]);
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION g(a mood, b text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION h(a timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION two(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION two(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION of_row(r t) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION any_of(a anyarray) RETURNS int LANGUAGE sql AS 'SELECT 1';
"""
VIEWS = (
    "SELECT f(id) AS one, f('1') AS two, f(NULL) AS three FROM t",
    "SELECT f(big) FROM t",
    "SELECT f(name) FROM t",
    "SELECT g(m) AS one, g('low', w) AS two FROM t",
    "SELECT g(name) FROM t",
    "SELECT g(m, id) FROM t",
    "SELECT h(at) FROM t",
    "SELECT h(name) FROM t",
    "SELECT two(w) FROM t",
    "SELECT two(big) FROM t",
    "SELECT of_row(t) FROM t",
    "SELECT any_of(tags) FROM t",
    "SELECT any_of(name) FROM t",
    "SELECT id FROM t WHERE f(name) = 1",
    "SELECT id FROM t WHERE f(id) = 1 AND h(at) = 1",
    "SELECT (SELECT f(x.name) FROM t AS x LIMIT 1) AS n FROM t",
    "SELECT q.n FROM t, LATERAL (SELECT g(t.name) AS n) AS q",
    "SELECT count(*) AS n FROM t GROUP BY f(id)",
)


@pytest.mark.pg
def test_views_are_refused_as_the_server_refuses_them(shadow: Shadow) -> None:
    name = shadow.create_database("argument_types")
    with shadow.connect(name) as connection:
        connection.autocommit = True
        connection.execute(GIVEN)
        for query in VIEWS:
            statement = f"CREATE VIEW tried AS {query}"
            theirs = _refused(connection, statement, "DROP VIEW tried")
            ours = check_texts(function_argument_types, f"{GIVEN}-- é😀\n{statement};")
            assert len(ours) == theirs, query
            for finding in ours:
                assert finding.message.startswith("no function ")


def _refused(connection: psycopg.Connection[tuple[object, ...]], statement: str, undone: str) -> int:
    try:
        with connection.transaction():
            connection.execute(statement.encode())
            connection.execute(undone.encode())
    except psycopg.errors.UndefinedFunction:
        return 1
    return 0


BODIES = (
    "SELECT f(id) FROM t",
    "SELECT f(name) FROM t",
    "SELECT f(p) FROM t",
    "SELECT two(p)",
    "UPDATE t SET big = f(at) WHERE id = 1",
    "SELECT t.id FROM t JOIN t u ON f(u.tags) = t.id",
    "SELECT id FROM t ORDER BY h(big)",
    "WITH x AS (SELECT name FROM t) SELECT g(x.name) FROM x",
    "WITH x AS (SELECT m FROM t) SELECT g(x.m) FROM x",
)


@pytest.mark.pg
def test_sql_functions_are_refused_as_the_server_refuses_them(shadow: Shadow) -> None:
    name = shadow.create_database("argument_types_of_bodies")
    with shadow.connect(name) as connection:
        connection.autocommit = True
        connection.execute(GIVEN)
        for body in BODIES:
            statement = f"CREATE FUNCTION tried(p text) RETURNS SETOF int LANGUAGE sql AS '{body}'"
            if body.startswith("UPDATE"):
                statement = statement.replace("SETOF int", "void")
            theirs = _refused(connection, statement, "DROP FUNCTION tried")
            ours = check_texts(function_argument_types, f"{GIVEN}{statement};")
            assert len(ours) == theirs, body


def test_plpgsql_is_read_as_far_as_types_are_known() -> None:
    body = "DECLARE v text; n int; BEGIN SELECT h(name), f(v) INTO n FROM t; PERFORM f(t.at) FROM t; RETURN n; END"
    sql = f"{GIVEN}CREATE FUNCTION tried() RETURNS int LANGUAGE plpgsql AS $$ {body} $$;"
    findings = check_texts(function_argument_types, sql)
    marks = [sql.encode()[finding.span.start :].split(b")")[0] for finding in findings]
    assert marks == [b"h(name", b"f(t.at"]
