"""The replay ends where PostgreSQL would, and survives what PostgreSQL would refuse."""

import pytest

from confiture_linter.catalog import Catalog, Table
from confiture_linter.engine.memory import analyse_texts


def catalog(*statements: str) -> Catalog:
    return analyse_texts({"a.sql": ";\n".join(statements) + ";"}).catalog


def table(found: Catalog, name: str) -> Table:
    relation = found.relations["public", name]
    assert isinstance(relation, Table)
    return relation


def test_partitions_in_a_circle_can_be_dropped() -> None:
    found = catalog(
        "CREATE TABLE a (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE b (id int) PARTITION BY RANGE (id)",
        "ALTER TABLE a ATTACH PARTITION b DEFAULT",
        "ALTER TABLE b ATTACH PARTITION a DEFAULT",
        "ALTER TABLE a ATTACH PARTITION a DEFAULT",
        "DROP TABLE a",
    )
    assert list(found.relations) == []


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("ALTER TABLE t ADD c text", ["id", "a", "c"]),
        ("ALTER TABLE t DROP a", ["id"]),
        ("ALTER TABLE t RENAME a TO b", ["id", "b"]),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", ["id", "a"]),
        ("ALTER TABLE IF EXISTS nope DROP a", ["id", "a"]),
    ],
)
def test_columns_after_alter(statement: str, columns: list[str]) -> None:
    found = catalog("CREATE TABLE t (id int PRIMARY KEY, a text)", statement)
    assert list(table(found, "t").columns) == columns
    assert found.conflicts == []


def test_dropping_a_column_takes_its_constraints_and_indexes() -> None:
    found = catalog(
        "CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE, b text)",
        "CREATE INDEX i ON t (lower(a))",
        "CREATE INDEX j ON t (b)",
        "ALTER TABLE t DROP a",
    )
    assert [c.name for c in table(found, "t").constraints] == ["t_pkey"]
    assert [i.name for i in table(found, "t").indexes] == ["j"]


def test_generated_names_are_postgresqls() -> None:
    found = catalog(
        "CREATE TABLE t (id serial PRIMARY KEY, a text UNIQUE CHECK (a <> ''), b int REFERENCES t, CHECK (id < b))",
        "CREATE INDEX ON t (a)",
        "CREATE INDEX ON t (lower(a))",
        "CREATE INDEX ON t (a)",
    )
    names = {c.name for c in table(found, "t").constraints}
    assert names == {"t_pkey", "t_a_key", "t_a_check", "t_b_fkey", "t_check"}
    assert [i.name for i in table(found, "t").indexes] == ["t_a_idx", "t_lower_idx", "t_a_idx1"]
    assert ("public", "t_id_seq") in found.relations


def test_order_of_files_does_not_matter_to_what_exists() -> None:
    files = {
        "b.sql": "CREATE TABLE t (id int PRIMARY KEY);",
        "a.sql": "CREATE INDEX i ON t (id); COMMENT ON TABLE t IS 'x';",
    }
    found = analyse_texts(files).catalog
    assert [i.name for i in table(found, "t").indexes] == ["i"]
    assert table(found, "t").comment == "x"
    assert found.conflicts == []


def test_search_path_of_the_file_and_of_the_function() -> None:
    found = catalog(
        "CREATE SCHEMA app",
        "SET search_path = app",
        "CREATE TABLE t (id int)",
        "RESET search_path",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = app AS 'SELECT count(*) FROM t'",
    )
    assert ("app", "t") in found.relations
    assert found.unresolved == []


def test_ctes_shadow_and_temporary_tables_are_known() -> None:
    found = catalog(
        "CREATE TEMP TABLE scratch (a int)",
        "CREATE VIEW v AS WITH nope AS (SELECT 1 AS a) SELECT a FROM nope",
        "INSERT INTO scratch VALUES (1)",
    )
    assert found.unresolved == []


def test_what_leaves_the_tree_is_external_not_missing() -> None:
    found = catalog("CREATE TABLE t (id int, g geometry, c citext REFERENCES crm.customer)")
    assert {(u.ref.name, u.reason) for u in found.unresolved} == {
        ("geometry", "external"),
        ("citext", "external"),
        ("customer", "external"),
    }


def test_what_a_do_block_may_have_made_is_not_missing() -> None:
    found = catalog(
        "DO $$ BEGIN EXECUTE format('CREATE FUNCTION made() RETURNS name AS %L LANGUAGE sql', current_user); END $$",
        "GRANT EXECUTE ON FUNCTION made() TO PUBLIC",
        "GRANT EXECUTE ON FUNCTION other() TO PUBLIC",
    )
    assert [conflict.name for conflict in found.conflicts] == ["other()"]


def test_what_is_rolled_back_was_never_there() -> None:
    found = catalog(
        "BEGIN",
        "CREATE TABLE kept (id int)",
        "SAVEPOINT one",
        "CREATE TABLE gone (id int)",
        "ROLLBACK TO one",
        "COMMIT",
        "BEGIN",
        "DROP TABLE kept",
        "ROLLBACK",
    )
    assert [name for _, name in found.relations] == ["kept"]


def test_not_null_has_a_name_from_postgresql_18_on() -> None:
    text = "CREATE TABLE t (a int NOT NULL); ALTER TABLE t DROP CONSTRAINT t_a_not_null;"
    new = analyse_texts({"a.sql": text}, "postgres: 18").catalog
    old = analyse_texts({"a.sql": text}, "postgres: 17").catalog
    assert not table(new, "t").columns["a"].not_null
    assert new.conflicts == []
    assert [conflict.kind for conflict in old.conflicts] == ["missing-constraint"]
