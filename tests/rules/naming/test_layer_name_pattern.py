"""Every kind that a layer names, by its folder."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.naming.layer_name_pattern import layer_name_pattern as rule

CONFIG = """\
layers:
  - {name: write, paths: ["w/**"], names: {table: "^w_", function: "^fn_", index: "_idx$", column: "^[a-z_]+$",
     type: "^t_", trigger: "^trg_", policy: "^p_", constraint: "_(fk|ck)$", view: "^v_"}}
  - {name: read, paths: ["r/**"], names: {materialized_view: "^mv_"}}
"""
TABLE = "CREATE TABLE w_a (id int PRIMARY KEY);"


@pytest.mark.parametrize(
    ("sql", "marks"),
    [
        ("CREATE TABLE s.a (id int);", ["a"]),
        (f"{TABLE} CREATE TABLE w_b PARTITION OF w_a DEFAULT;", []),
        (
            "CREATE TABLE w_p (id int) PARTITION BY LIST (id); CREATE TABLE p_1 PARTITION OF w_p FOR VALUES IN (1);",
            [],
        ),
        (f"{TABLE} CREATE TABLE child () INHERITS (w_a);", []),
        (f"{TABLE} CREATE INDEX ON w_a (id);", []),
        (f"{TABLE} CREATE INDEX idx_a ON w_a (id);", ["idx_a"]),
        ("CREATE TABLE w_a (id int, x1 int);", ["x1"]),
        ("CREATE TABLE w_a (id int CONSTRAINT positive CHECK (id > 0), UNIQUE (id));", ["positive"]),
        (f"{TABLE} CREATE POLICY mine ON w_a USING (true);", ["mine"]),
        (
            "CREATE FUNCTION do_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
            ["do_it"],
        ),
        ("CREATE PROCEDURE do_it() LANGUAGE plpgsql AS $$ BEGIN END $$;", []),
        ("CREATE DOMAIN mail AS text;", ["mail"]),
        ("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;", []),
        ("CREATE TABLE w_a (id int); ALTER TABLE w_a RENAME TO a;", ["a"]),
    ],
)
def test_marks_in_the_write_layer(sql: str, marks: list[str]) -> None:
    assert [sql[f.span.start : f.span.end] for f in check_texts(rule, {"w/x.sql": sql}, CONFIG)] == marks


def test_other_folders_have_their_own_names() -> None:
    tree = {
        "r/x.sql": "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE TABLE a (id int);",
        "o/x.sql": "CREATE TABLE b ();",
    }
    (finding,) = check_texts(rule, tree, CONFIG)
    assert (finding.path, finding.object) == ("r/x.sql", "public.m")
    assert finding.message == "materialized view m of layer read does not match ^mv_"
