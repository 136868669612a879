"""Which calls PostgreSQL refuses, for no function or operator of the name takes what it is given, or several do."""

import psycopg
import pytest

from confiture_linter.catalog import Shapes
from confiture_linter.catalog.output_types import OutputTypes
from confiture_linter.engine.file_facts import file_facts
from confiture_linter.engine.memory import analyse_texts
from confiture_migrator.shadow import Shadow

GIVEN = """
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE DOMAIN word AS text;
CREATE TABLE t (n integer, id bigint, v varchar(9), w word, m mood, d date, j json, jb jsonb, ns integer[], u uuid, f float8);
CREATE FUNCTION pick(x integer) RETURNS text LANGUAGE sql AS 'SELECT $1::text';
CREATE FUNCTION pick(x integer, y float8 DEFAULT 1) RETURNS mood LANGUAGE sql AS 'SELECT ''low''::mood';
CREATE FUNCTION iif(c boolean, a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION same(a anyelement, b anyelement) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION either(a anycompatible, b anycompatible) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION first_of(a anyarray) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION many(VARIADIC x text[]) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
"""

CALLS = (
    "pick(n)", "pick(id)", "pick(n, 2)", "pick(n, f)", "pick(v)", "pick('1')", "pick(n, n, n)", "iif(true, n, 1)", "iif(true, n, 1.5)",
    "iif(true, id, 1)", "iif(true, NULL, '1')", "same(n, 1)", "same(n, id)", "same(v, 'x')", "same(m, 'low')", "same(v, w)", "either(n, id)",
    "either(n, v)", "either(v, w)", "either(d, now())", "first_of(ns)", "first_of(n)", "first_of('{1}'::text[])", "many(v, w, 'x')", "many(n)", "many()",
    "v -> 'a'", "j -> 'a'", "jb -> 0", "jb - 1", "j - 'a'", "n + 1", "n + v", "n || v", "d + 1", "d + 1.5", "d - d", "u = 'x'", "u = v", "v = n", "w = v", "m = 'low'", "m = v",
    "n = id", "ns || 1", "ns || 'a'::text", "ns @> ns", "jb @> '{}'", "upper(n)", "upper(w)", "length(jb)", "jsonb_array_length(jb)", "jsonb_array_length(j)", "split_part(n, ',', 1)",
    "sum(v)", "sum(n)", "avg(d)", "max(jb)", "max(u)", "max(m)", "count(m)", "array_agg(m)", "date_trunc('day', v)", "date_trunc('day', d)", "round(f, 2)", "round(n, 2)", "coalesce(n, 1)",
    "concat(n, m, jb)", "substring(n, 1)", "to_char(v, 'x')", "to_char(n, '9')", "lower(m)", "array_length(n, 1)", "array_length(ns, 1)", "generate_series(1, d)", "nextval(n)", "nextval('x')",
)  # fmt: skip
_NO_SUCH = ("42883", "42725")
"""SQLSTATE of `undefined_function` and `ambiguous_function`."""


@pytest.mark.pg
def test_calls_are_refused_as_postgresql_refuses_them(shadow: Shadow) -> None:
    name = shadow.create_database("overloads")
    theirs: dict[str, bool] = {}
    try:
        with shadow.connect(name) as connection:
            connection.execute(GIVEN.encode())
            for call in CALLS:
                try:
                    with connection.transaction():
                        connection.execute(f"EXPLAIN SELECT {call} FROM t".encode())
                except psycopg.Error as error:
                    theirs[call] = error.sqlstate in _NO_SUCH
                else:
                    theirs[call] = False
    finally:
        shadow.drop_database(name)
    assert {call: _refused(call) for call in CALLS} == theirs
    assert 20 < sum(theirs.values()) < len(CALLS) - 20


def _refused(call: str) -> bool:
    catalog = analyse_texts({"a.sql": GIVEN}).catalog
    query = file_facts("b.sql", f"SELECT {call} FROM t;".encode()).statements[0].queries[0]
    types = OutputTypes(catalog, Shapes(catalog))
    term = query.outputs[0].term
    if term is None or term.kind not in ("call", "operator"):
        return False
    chosen = types.terms.chosen(term, types.scope(query))
    return chosen is not None and chosen.refused
