"""Only words that are reserved; the other classes of keywords need no quotes as names."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.naming.reserved_keyword_identifier import reserved_keyword_identifier as rule


@pytest.mark.parametrize(
    ("sql", "marks"),
    [
        ('CREATE TABLE app."user" (id int, "order" int, "Order" int);', ['"user"', '"order"']),
        ("CREATE FUNCTION \"end\"() RETURNS int LANGUAGE sql AS 'SELECT 1';", ['"end"']),
        (
            'CREATE TABLE t ("left" int, "verbose" int); CREATE FUNCTION "left"() RETURNS int LANGUAGE sql AS \'SELECT 1\';',
            ['"left"', '"verbose"'],
        ),
        ("CREATE TABLE t (name text, value text, type text, date date, year int, key text, level int);", []),
        ("CREATE TABLE t (between_ int, values int);", []),
        ('CREATE TABLE t (id int, CONSTRAINT "check" CHECK (id > 0));', []),
        ('CREATE TABLE "user" (id int); DROP TABLE "user";', []),
    ],
)
def test_marks(sql: str, marks: list[str]) -> None:
    assert [sql[f.span.start : f.span.end] for f in check_texts(rule, sql)] == marks
