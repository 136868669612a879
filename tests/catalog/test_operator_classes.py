"""Which types an access method indexes by itself, compared with what the server accepts."""

import psycopg
import pytest

from confiture_linter.catalog.kinds import Kinds
from confiture_linter.catalog.operator_classes import METHODS, has_default_operator_class
from confiture_linter.engine.memory import analyse_texts
from confiture_linter.statements.facts import TypeName
from confiture_migrator.shadow import Shadow

GIVEN = """
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TYPE pair AS (a int, b text);
CREATE TYPE spans AS RANGE (subtype = float8);
CREATE DOMAIN word AS text;
CREATE DOMAIN document AS json;
CREATE TABLE t (id int);
"""
OWN = ("mood", "pair", "spans", "word", "document", "t")
_NOT_INDEXED = ("42704", "42883")
"""SQLSTATE of `undefined_object`, and of `undefined_function`: GIN compares the elements of an array."""


@pytest.mark.pg
def test_types_that_can_be_indexed(shadow: Shadow) -> None:
    name = shadow.create_database("operator_classes")
    with shadow.connect(name) as connection:
        connection.autocommit = True
        connection.execute(GIVEN)
        builtin = [
            row[0]
            for row in connection.execute(
                "SELECT typname::text FROM pg_type WHERE typtype IN ('b', 'r', 'm') AND typnamespace = 'pg_catalog'::regnamespace"
                " AND typname !~ '^(_|pg_(node|ndistinct|dependencies|mcv|brin)|gtsvector)' ORDER BY 1"
            ).fetchall()
        ]
        version = connection.info.server_version // 10000
        catalog = analyse_texts({"given.sql": GIVEN}, f"postgres: {version}\n").catalog
        kinds = Kinds(catalog)
        wrong = []
        for type_name, array in ((n, a) for n in (*builtin, *OWN) for a in (False, True)):
            kind = kinds.of(TypeName("", type_name, (), array, set_of=False, percent_type=False, at=-1))
            for method in sorted(METHODS):
                ours = has_default_operator_class(kinds, method, kind)
                theirs = _indexes(connection, method, f'"{type_name}"' + "[]" * array)
                if ours is not theirs:
                    wrong.append((type_name, array, method, ours, theirs))
    assert len(builtin) > 60
    assert wrong == []


def _indexes(connection: psycopg.Connection[tuple[object, ...]], method: str, written: str) -> bool:
    connection.execute("DROP TABLE IF EXISTS tried")
    connection.execute(f"CREATE TABLE tried (c {written})".encode())
    try:
        connection.execute(f"CREATE INDEX ON tried USING {method} (c)".encode())
    except psycopg.Error as error:
        if error.sqlstate not in _NOT_INDEXED:
            raise
        return False
    return True
