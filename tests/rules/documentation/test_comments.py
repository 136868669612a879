"""Missing comments where a team comments; comments that say nothing."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.documentation.column_comment_missing import column_comment_missing
from confiture_rules.documentation.comment_empty import comment_empty
from confiture_rules.documentation.function_comment_missing import function_comment_missing
from confiture_rules.documentation.table_comment_missing import table_comment_missing
from confiture_rules.documentation.view_comment_missing import view_comment_missing


def tables(commented: int, bare: int) -> str:
    sql = "".join(
        f"CREATE TABLE t{n} (id int); COMMENT ON TABLE t{n} IS 'What it is.';\n" for n in range(commented)
    )
    return sql + "".join(f"CREATE TABLE bare{n} (id int);\n" for n in range(bare))


@pytest.mark.parametrize(
    ("commented", "bare", "found"),
    [(0, 12, 0), (8, 1, 0), (9, 1, 1), (8, 2, 0), (19, 1, 1), (12, 0, 0)],
)
def test_only_where_the_team_comments(commented: int, bare: int, found: int) -> None:
    assert len(check_texts(table_comment_missing, tables(commented, bare), "")) == found


VIEWS = """
CREATE VIEW v AS SELECT 1 AS a;
COMMENT ON VIEW v IS 'x';
CREATE OR REPLACE VIEW v AS SELECT 1 AS a, 2 AS b;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
"""
FUNCTIONS = """
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION f(text) IS 'x';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
"""
PARTITIONS = """
CREATE TABLE t (id int) PARTITION BY LIST (id);
CREATE TABLE p PARTITION OF t DEFAULT;
COMMENT ON TABLE t IS 'x y';
"""


@pytest.mark.parametrize(
    ("rule", "sql", "objects"),
    [
        (table_comment_missing, "CREATE TABLE t (id int); COMMENT ON TABLE t IS NULL;", ["public.t"]),
        (table_comment_missing, PARTITIONS, []),
        (table_comment_missing, "COMMENT ON TABLE s.t IS 'x y'; CREATE TABLE s.t (id int);", []),
        (
            column_comment_missing,
            "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'x'; CREATE TABLE u (LIKE t);",
            [],
        ),
        (
            column_comment_missing,
            'CREATE TABLE "T" ("A" int, b int); COMMENT ON COLUMN "T"."A" IS \'x\';',
            ["public.T.b"],
        ),
        (view_comment_missing, VIEWS, ["public.m"]),
        (function_comment_missing, FUNCTIONS, ["public.f"]),
    ],
)
def test_always_where_it_is_wanted(rule, sql: str, objects: list[str]) -> None:
    assert [f.object for f in check_texts(rule, sql)] == objects


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("NULL", 1),
        ("''", 1),
        ("' - '", 1),
        ("'Order line.'", 1),
        ("'ORDER_LINE'", 1),
        ("'One line of an order.'", 0),
    ],
)
def test_comment_that_says_nothing(comment: str, found: int) -> None:
    sql = f"CREATE TABLE s.order_line (id int); COMMENT ON TABLE s.order_line IS {comment};"
    assert len(check_texts(comment_empty, sql)) == found
