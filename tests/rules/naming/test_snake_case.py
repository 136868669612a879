"""Names that must be quoted, and the conventions that are let be."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.naming.snake_case import snake_case as rule


def marked(sql: str, config: str = "") -> list[str]:
    data = sql.encode()
    return [data[f.span.start : f.span.end].decode() for f in check_texts(rule, sql, config)]


@pytest.mark.parametrize(
    ("sql", "marks"),
    [
        ("CREATE TABLE app.OrderLine (Id int, _hidden int, v2 int, größe int, pay$ int);", []),
        ('CREATE TABLE app."OrderLine" (id int);', ['"OrderLine"']),
        ('CREATE TABLE /* "X" */ t (/* é */ "order id" int);', ['"order id"']),
        ('CREATE TABLE t ("order-id" int); CREATE TABLE u (LIKE t);', ['"order-id"']),
        ('CREATE TABLE t (id int); ALTER TABLE t RENAME id TO "Id";', ['"Id"']),
        ('CREATE TABLE t (id int); ALTER TABLE t ADD "Id" int; ALTER TABLE t RENAME "Id" TO x;', []),
        (
            'CREATE OR REPLACE FUNCTION "getOrder"() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
            ['"getOrder"'],
        ),
        ("CREATE TYPE \"OrderState\" AS ENUM ('a');", ['"OrderState"']),
        ('CREATE TABLE t (id int); CREATE INDEX "T_idx" ON t (id);', ['"T_idx"']),
        ('CREATE TABLE "T" (id int); CREATE INDEX "T_idx" ON "T" (id);', ['"T"']),
        ('CREATE TABLE t (id int); CREATE POLICY "Users see their own" ON t USING (true);', []),
        ('CREATE TABLE t (id int CONSTRAINT "id not empty" CHECK (id > 0));', []),
        ('CREATE VIEW v AS SELECT 1 AS "camelCase";', []),
    ],
)
def test_marks(sql: str, marks: list[str]) -> None:
    assert marked(sql) == marks


def test_the_convention_of_an_orm_is_let_be() -> None:
    columns = ", ".join(f'"orderField{number}" int' for number in range(9))
    assert len(marked(f"CREATE TABLE t (id int, {columns.replace('8', '8')});")) == 0
    config = "lint: {rules: {snake-case: {options: {convention: 2}}}}"
    assert len(marked(f"CREATE TABLE t (id int, {columns});", config)) == 9


def test_proposes_a_name() -> None:
    (finding,) = check_texts(rule, 'CREATE TABLE t ("firstName-of Person" int);')
    assert finding.help == "call it first_name_of_person"
