"""What counts as a change of an object, and what is layout only; two catalogs in memory."""

from typing import Any

import pytest

from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.definition import Definitions
from confiture_linter.graph.difference import Difference, Side, differences
from confiture_linter.graph.document import build_graph
from confiture_linter.graph.spelling import spelt, tokens

Details = list[tuple[str, str | None, str | None]]


def side(sql: str) -> Side:
    opened = open_texts({"a.sql": sql}, "")
    context = opened.context
    graph = build_graph(context.catalog, ["a.sql"], context.text)
    return Side(graph, Definitions(context.catalog, context.text).all(), lambda entity: (entity.path, 1))


def differ(before: str, after: str) -> tuple[Difference, ...]:
    return differences(side(before), side(after))


def changed(before: str, after: str) -> Details:
    """The details of the one object that changed; nothing was added or dropped."""
    found = differ(before, after)
    assert [each.what for each in found] in ([], ["changed"]), found
    return [(d.aspect, d.before or None, d.after or None) for each in found for d in each.details]


COLUMNS: list[Any] = [
    ("a int", "a int NOT NULL", [("column a", "integer", "integer NOT NULL")]),
    ("a int DEFAULT 1", "a int DEFAULT 1 + 1", [("column a", "integer DEFAULT 1", "integer DEFAULT 1 + 1")]),
    ("a int DEFAULT 1 NOT NULL", "a int NOT NULL DEFAULT 1", []),
    ("a int DEFAULT 1 CHECK (a > 0)", "a int CHECK (a > 0) DEFAULT 1", []),
    ("a timestamptz DEFAULT now()", "a timestamptz DEFAULT NOW ()", []),
    ("a int", "a  INTEGER -- the same\n", []),
    ("a varchar(3)", "a character varying(3)", []),
    ("a text", 'a text COLLATE "C"', [("column a", "text", "text COLLATE C")]),
    ('a int, "B" int', "a int, b int", [("column B", "integer", None), ("column b", None, "integer")]),
    ("a int GENERATED ALWAYS AS (1 + 1) STORED", "a int GENERATED ALWAYS AS (1+1) STORED", []),
    (
        "a int GENERATED ALWAYS AS (1) STORED",
        "a int GENERATED ALWAYS AS (2) STORED",
        [("column a", "integer GENERATED ALWAYS AS (1)", "integer GENERATED ALWAYS AS (2)")],
    ),
    ("a int); ALTER TABLE t ADD COLUMN b text", "a int, b text", []),
    ("a int); ALTER TABLE t ADD PRIMARY KEY (a)", "a int PRIMARY KEY", []),
    (
        "a int); COMMENT ON COLUMN t.a IS 'x'",
        "a int); COMMENT ON COLUMN t.a IS 'y'",
        [("comment of a", "x", "y")],
    ),
    ("a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY", "a int", [("row security", "enabled", None)]),
    (
        "a int); ALTER TABLE t ALTER a SET DEFAULT 7",
        "a int); ALTER TABLE t ALTER a SET DEFAULT 8",
        [("column a", "integer DEFAULT 7", "integer DEFAULT 8")],
    ),
    (
        "a int CHECK (a > 0)",
        "a int CHECK (a > 1)",
        [("constraint t_a_check", "check (a > 0)", "check (a > 1)")],
    ),
    (
        "a int REFERENCES t2",
        "a int REFERENCES t2 ON DELETE CASCADE",
        [
            (
                "constraint t_a_fkey",
                "foreign key (a) references public.t2 (id)",
                "foreign key (a) references public.t2 (id) on delete cascade",
            )
        ],
    ),
    ("a int, UNIQUE (a)", "a int UNIQUE", []),
    ("a int) WITH (fillfactor = 70", "a int", [("options", "fillfactor=70", None)]),
]


@pytest.mark.parametrize(("before", "after", "expected"), COLUMNS)
def test_tables(before: str, after: str, expected: Details) -> None:
    start = "CREATE TABLE t2 (id int PRIMARY KEY);\n"
    ending = {before: ");", after: ");"}
    for text in ending:
        ending[text] = ";" if "; " in text else ");"
    assert (
        changed(
            f"{start}CREATE TABLE t ({before}{ending[before]}",
            f"{start}CREATE TABLE t ({after}{ending[after]}",
        )
        == expected
    )


BASE = "CREATE TABLE t (a int, b int);\n"
OTHERS: list[Any] = [
    ("CREATE VIEW v AS SELECT a FROM t", "CREATE OR REPLACE VIEW v AS\n select a -- x\n from T;", []),
    ("CREATE VIEW v AS SELECT a FROM t", "CREATE VIEW v AS SELECT b AS a FROM t", [("query", "select a from t", "select b as a from t")]),
    ("CREATE VIEW v AS SELECT 'A' AS a", "CREATE VIEW v AS SELECT 'a' AS a", [("query", "select 'A' as a", "select 'a' as a")]),
    ("CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING btree (a)", []),
    ("CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a) WHERE b > 0", [("index i", "btree (a)", "unique btree (a) where b > 0")]),
    ("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b'", "CREATE TYPE e AS ENUM ('a', 'b')", []),
    ("CREATE DOMAIN d AS int", "CREATE DOMAIN d AS bigint", [("definition", "create domain d as int", "create domain d as bigint")]),
    ("CREATE TYPE c AS (x int)", "CREATE TYPE c AS (x int, y text)", [("attribute y", None, "text")]),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $body$\n  SELECT 1 -- one\n$body$;",
        [],
    ),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'",
        [("definition", "create function f() returns int language sql", "create function f() returns int language sql stable")],
    ),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() SECURITY DEFINER",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        [("security", "definer", None)],
    ),
    ("GRANT SELECT ON t TO r", "SELECT 1", [("grants", "grant select on t to r", None)]),
    ("COMMENT ON TABLE t IS 'x'", "COMMENT ON TABLE t IS 'x';", []),
    (
        "CREATE POLICY p ON t USING (a > 0)",
        "CREATE POLICY p ON t USING (a > 1)",
        [("policy p", "create policy p on t using (a > 0)", "create policy p on t using (a > 1)")],
    ),
    ("CREATE SEQUENCE s", "CREATE SEQUENCE s CACHE 5", [("definition", "create sequence s", "create sequence s cache 5")]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), OTHERS)
def test_other_objects(before: str, after: str, expected: Details) -> None:
    assert changed(f"{BASE}{before};", f"{BASE}{after};") == expected


def test_another_signature_is_another_function() -> None:
    found = differ(
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    )
    assert [(each.what, each.id) for each in found] == [
        ("added", "function:public.f(text)"),
        ("dropped", "function:public.f(integer)"),
    ]


def test_who_needs_only_what_was_added_is_not_touched() -> None:
    view = "CREATE VIEW v AS SELECT a FROM t;"
    (found,) = differ(f"{BASE}{view}", f"CREATE TABLE t (a int, b bigint, c int);\n{view}")
    assert found.impact == ()
    (found,) = differ(f"{BASE}{view}", f"CREATE TABLE t (a bigint, b int);\n{view}")
    assert [(each.id, each.then, each.refused) for each in found.impact] == [("view:public.v", "stays", True)]


def test_what_goes_along_is_said_to_go() -> None:
    view = "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM t;"
    found = differ(f"{BASE}{view}", "CREATE VIEW w AS SELECT 1 AS a;")
    table = next(each for each in found if each.id == "table:public.t")
    assert {(each.id, each.then) for each in table.impact} == {
        ("view:public.v", "dropped"),
        ("view:public.w", "changed"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT  a.B , 'X''y' -- c\n/* d */ FROM \"T\"", "select a.b, 'X''y' from \"T\""),
        ("f ( x )[1]::int", "f(x)[1] :: int"),
        ("$$ A -- c\n B $$", "$$ a b $$"),
        ("E'\\n' || 1.50", "E'\\n' || 1.50"),
    ],
)
def test_spelling(text: str, expected: str) -> None:
    assert spelt([*tokens(text.encode())]) == expected
