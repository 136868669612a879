"""ON CONFLICT needs an arbiter."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.indexes.on_conflict_without_unique import on_conflict_without_unique as rule

TABLE = "CREATE TABLE t (id int CONSTRAINT k PRIMARY KEY, x int, y int, n text, UNIQUE (x, y));\n"


@pytest.mark.parametrize(
    ("before", "target", "found"),
    [
        ("", "(id)", 0),
        ("", "(y, x)", 0),
        ("", "(x)", 1),
        ("", "(x, y, id)", 1),
        ("", "ON CONSTRAINT k", 0),
        ("", "ON CONSTRAINT t_x_y_key", 0),
        ("", "ON CONSTRAINT nope", 1),
        ("CREATE UNIQUE INDEX u ON t (x);", "(x)", 0),
        ("CREATE UNIQUE INDEX u ON t (x);", "ON CONSTRAINT u", 1),
        ("CREATE UNIQUE INDEX u ON t (x) WHERE y > 0;", "(x) WHERE y > 0", 0),
        ("CREATE UNIQUE INDEX u ON t (lower(n));", "(lower(n))", 0),
        ("CREATE UNIQUE INDEX u ON t (x, lower(n));", "(x)", 1),
        ("DO $$ BEGIN EXECUTE format('ALTER TABLE t ADD UNIQUE (%I)', 'x'); END $$;", "(x)", 0),
        ("", "(nowhere)", 0),
        ("", "", 0),
    ],
)
def test_targets(before: str, target: str, found: int) -> None:
    sql = f"{TABLE}{before} INSERT INTO t (id, x) VALUES (1, 2) ON CONFLICT {target} DO NOTHING;"
    assert len(check_texts(rule, sql)) == found


def test_what_is_dropped_later_was_there() -> None:
    sql = (
        TABLE
        + "INSERT INTO t (id) VALUES (1) ON CONFLICT (x, y) DO NOTHING; ALTER TABLE t DROP CONSTRAINT t_x_y_key;"
    )
    assert check_texts(rule, sql) == []


def test_bodies_with_their_search_path_and_ctes() -> None:
    sql = (
        "CREATE TABLE app.t (id int PRIMARY KEY, x int);\n"
        "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SET search_path = app AS $$\nBEGIN\n  -- é\n"
        "  WITH n AS (INSERT INTO app.t (id, x) VALUES (1, 2) ON CONFLICT (x) DO NOTHING RETURNING id) SELECT 1;\n"
        "END $$;"
    )
    (finding,) = check_texts(rule, sql)
    assert finding.object == "app.f"
    assert sql.encode()[finding.span.start :].startswith(b"ON CONFLICT (x)")


def test_partitions_use_the_keys_of_their_parent() -> None:
    sql = (
        "CREATE TABLE p (x int UNIQUE) PARTITION BY LIST (x); CREATE TABLE q PARTITION OF p DEFAULT;"
        "INSERT INTO q VALUES (1) ON CONFLICT (x) DO NOTHING;"
    )
    assert check_texts(rule, sql) == []
