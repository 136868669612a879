"""Immutable or not: each line was tried on PostgreSQL 18."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.indexes.non_immutable_index_expression import non_immutable_index_expression as rule

TABLE = (
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';"
    "CREATE FUNCTION g(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';"
    "CREATE FUNCTION h(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1';"
    "CREATE FUNCTION back(timestamptz) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';"
    "CREATE FUNCTION either(timestamptz) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';"
    "CREATE FUNCTION either(timestamp) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';\n"
    "CREATE TABLE t (x int, tz timestamptz, ts timestamp, d date, a text[], n text, m money);\n"
)


@pytest.mark.parametrize(
    ("expression", "mark"),
    [
        ("(date_trunc('month', tz))", "date_trunc"),
        ("(date_trunc('month', ts))", ""),
        ("(date_trunc('month', tz, 'UTC'))", ""),
        ("((tz::date))", "tz"),
        ("((ts::date))", ""),
        ("((tz AT TIME ZONE 'UTC')::date)", ""),
        ("((CAST(tz AS timestamp)))", "tz"),
        ("((d::text))", "d"),
        ("((x::text))", ""),
        ("((n::date))", "n"),
        ("((n::int))", ""),
        ("(extract(epoch FROM tz))", "extract"),
        ("(extract(epoch FROM ts))", ""),
        ("(to_char(ts, 'YYYY'))", "to_char"),
        ("(concat(n, 'a'))", "concat"),
        ("((n || 'a'))", ""),
        ("(array_to_string(a, ','))", "array_to_string"),
        ("(to_tsvector(n))", "to_tsvector"),
        ("(to_tsvector('simple', n))", ""),
        ("(lower(n))", ""),
        ("(coalesce(n, ''))", ""),
        ("(x) WHERE tz > now()", "now"),
        ("(x) WHERE d > CURRENT_DATE", "CURRENT_DATE"),
        ("(x) WHERE n = CURRENT_USER", "CURRENT_USER"),
        ("(unaccent(n))", "unaccent"),
        ("(unknown(n))", ""),
        ("(f(x))", "f"),
        ("(g(x))", ""),
        ("(h(x))", ""),
        ("(back(tz))", ""),
        ("(back(ts))", "back"),
        ("(back(d))", "back"),
        ("(back(ts AT TIME ZONE 'UTC'))", ""),
        ("(either(ts))", ""),
    ],
)
def test_expressions(expression: str, mark: str) -> None:
    sql = f"{TABLE}CREATE INDEX i ON t {expression};"
    data = sql.encode()
    found = [data[f.span.start : f.span.end].decode() for f in check_texts(rule, sql)]
    assert found == ([mark] if mark else [])


def test_generated_columns_are_held_to_it_too() -> None:
    sql = (
        "CREATE TABLE t (tz timestamptz DEFAULT now(), \"é\" text GENERATED ALWAYS AS (to_char(tz, 'YYYY')) STORED,\n"
        "  y int GENERATED ALWAYS AS (extract(year FROM tz AT TIME ZONE 'UTC')) STORED);"
    )
    (finding,) = check_texts(rule, sql)
    assert finding.object == "public.t.é"
    assert sql.encode()[finding.span.start :].startswith(b"to_char")


def test_materialized_views_have_indexes() -> None:
    sql = "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a; CREATE INDEX i ON v ((now()));"
    assert [f.object for f in check_texts(rule, sql)] == ["public.i"]
