"""The build order: computed, verified, repaired with the fewest moves."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confiture_linter.engine.memory import open_texts
from confiture_linter.graph.build_order import BuildOrder, build_order
from confiture_linter.graph.order import file_edges, order_of, takes_away
from confiture_linter.graph.render_order import render_problems
from confiture_linter.graph.reorder import reorder


def verified(files: dict[str, str], order: Sequence[str] = ()) -> BuildOrder:
    opened = open_texts(files)
    return build_order(
        opened.context.catalog, list(order) or sorted(files), opened.context.text, computed=None
    )


def chain(length: int) -> dict[str, str]:
    files = {"t00.sql": "CREATE TABLE t00 (id int PRIMARY KEY);"}
    for number in range(1, length):
        files[f"t{number:02}.sql"] = (
            f"CREATE TABLE t{number:02} (id int PRIMARY KEY, p int REFERENCES t{number - 1:02});"
        )
    return files


def test_an_order_that_works_is_left_alone() -> None:
    found = verified(chain(4))
    assert found.works
    assert found.moves == ()
    assert render_problems(found) == ""


def test_one_file_needed_by_many_is_one_move() -> None:
    files = {f"{n}.sql": f"CREATE TABLE t{n} (b int REFERENCES base);" for n in "123"}
    files["9.sql"] = "CREATE TABLE base (id int PRIMARY KEY);"
    found = verified(files)
    assert [(f.file, f.line, f.needs, f.target) for f in found.forward] == [
        (f"{n}.sql", 1, "table public.base", "9.sql") for n in "123"
    ]
    assert [(m.file, m.after) for m in found.moves] == [("9.sql", "")]
    assert found.proposed == ("9.sql", "1.sql", "2.sql", "3.sql")
    assert "move 9.sql to the beginning" in render_problems(found)


def test_one_file_that_needs_many_is_one_move() -> None:
    files = {f"{n}.sql": f"CREATE TABLE t{n} (id int);" for n in "234"}
    files["1.sql"] = "CREATE VIEW v AS SELECT t2.id FROM t2, t3, t4;"
    assert [(m.file, m.after) for m in verified(files).moves] == [("1.sql", "4.sql")]


def test_a_cycle_names_the_edge_to_break() -> None:
    found = verified(
        {
            "a.sql": "CREATE TABLE a (id int PRIMARY KEY,\n b int REFERENCES b);",
            "b.sql": "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);",
        }
    )
    assert [(b.file, b.line, b.target) for b in found.breaks] == [("a.sql", 2, "b.sql")]
    assert found.cycles == (("a.sql", "b.sql"),)
    assert not found.works


def test_a_forward_reference_inside_a_file_is_reported() -> None:
    found = verified({"a.sql": "CREATE VIEW v AS SELECT 1 FROM t;\nCREATE TABLE t (id int);"})
    assert [(f.line, f.target_line) for f in found.forward] == [(1, 2)]


def test_schemas_and_extensions_come_first() -> None:
    files = {
        "a.sql": "CREATE TABLE s.t (n citext);",
        "y.sql": "CREATE EXTENSION citext;",
        "z.sql": "CREATE SCHEMA s;",
    }
    opened = open_texts(files)
    assert order_of(sorted(files), file_edges(opened.context.catalog)).files == ("y.sql", "z.sql", "a.sql")


@given(
    st.permutations(sorted(chain(9))), st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=6)
)
@settings(max_examples=40, deadline=None)
def test_whatever_the_given_order_every_edge_points_backwards(
    order: list[str], extra: set[tuple[int, int]]
) -> None:
    files = chain(9)
    for number, (later, earlier) in enumerate(sorted(extra)):
        if later != earlier:
            files[f"t{later:02}.sql"] += f"CREATE VIEW v{number} AS SELECT id FROM t{earlier:02};"
    edges = file_edges(open_texts(files).context.catalog)
    for found, broken in (
        (order_of(order, edges).files, order_of(order, edges).broken),
        (reorder(order, edges).files, reorder(order, edges).broken),
    ):
        assert sorted(found) == sorted(files)
        rank = {path: position for position, path in enumerate(found)}
        ignored = {(edge.source, edge.target) for edge in broken}
        assert all(rank[e.source] > rank[e.target] for e in edges if (e.source, e.target) not in ignored)


@pytest.mark.parametrize("order", [["t02.sql", "t01.sql", "t00.sql"], ["t01.sql", "t02.sql", "t00.sql"]])
def test_moves_are_the_fewest(order: list[str]) -> None:
    edges = file_edges(open_texts(chain(3)).context.catalog)
    found = reorder(order, edges)
    assert found.files == ("t00.sql", "t01.sql", "t02.sql")
    assert len(found.moves) == (2 if order[0] == "t02.sql" else 1)


@pytest.mark.parametrize(
    "text",
    [
        "COMMENT ON TABLE t IS 'x';",
        "CREATE INDEX i ON t (id);",
        "ALTER TABLE t ADD COLUMN a int;",
        "GRANT SELECT ON t TO PUBLIC;",
        "ALTER TABLE t RENAME id TO key;",
        "CREATE POLICY p ON t USING (true);",
    ],
)
def test_what_is_done_to_an_object_needs_it(text: str) -> None:
    edges = file_edges(open_texts({"a.sql": text, "b.sql": "CREATE TABLE t (id int);"}).context.catalog)
    assert [(edge.source, edge.target) for edge in edges] == [("a.sql", "b.sql")]


def test_hints_are_followed_until_they_close_a_circle() -> None:
    files = ["a", "b", "c"]
    assert order_of(files, [], [("a", "b"), ("b", "c"), ("c", "a")]).files == ("c", "b", "a")
    assert order_of(files, [], [("a", "b"), ("b", "c"), ("c", "a")]).broken == ()


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';", False),
        ("CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';", True),
        ("CREATE OR REPLACE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2';", False),
        ("DROP FUNCTION f;", True),
    ],
)
def test_only_a_tree_that_changes_what_it_has_takes_away(second: str, expected: bool) -> None:
    """Only then files are tried one by one, which takes its time."""
    files = {"a.sql": "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';", "b.sql": second}
    assert takes_away(open_texts(files).context.catalog) is expected
