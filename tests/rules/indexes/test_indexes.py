"""Indexes that repeat one another, and foreign keys that have none."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.indexes.btree_on_array_or_jsonb import btree_on_array_or_jsonb
from confiture_rules.indexes.duplicate_index import duplicate_index as duplicate
from confiture_rules.indexes.duplicate_index_column import duplicate_index_column
from confiture_rules.indexes.foreign_key_without_index import foreign_key_without_index as without
from confiture_rules.indexes.index_duplicates_constraint import index_duplicates_constraint as repeats
from confiture_rules.indexes.redundant_index_prefix import redundant_index_prefix as prefix

TABLE = "CREATE TABLE t (id int PRIMARY KEY, x text, y text, z int, UNIQUE (x, y), d jsonb, s text[]);\n"


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("t (x, y)", "t (y, x)", 0),
        ("t (z)", "t USING hash (z)", 0),
        ("t (z)", "t (z DESC)", 0),
        ("t (z)", "t (z ASC NULLS LAST)", 1),
        ("t (z)", "t (z NULLS FIRST)", 0),
        ("t (z)", "public.t (z)", 1),
        ("t (z)", "t (z) INCLUDE (x)", 0),
        ("t (x)", 't (x COLLATE "C")', 0),
        ("t (x)", "t (x text_pattern_ops)", 0),
        ("t (lower(x))", "t ( lower( x ) )", 1),
        ("t (lower(x))", "t (upper(x))", 0),
        ("t (z) WHERE z > 1", "t (z) WHERE (z>1)", 1),
        ("t (z) WHERE z > 1", "t (z) WHERE z > 2", 0),
        ("t (z) WHERE z > 1", "t (z)", 0),
    ],
)
def test_duplicates(one: str, two: str, found: int) -> None:
    sql = f"{TABLE}CREATE INDEX a ON {one};\nCREATE INDEX b ON {two};"
    assert [f.object for f in check_texts(duplicate, sql)] == ["public.b"] * found


def test_the_plain_index_is_the_duplicate_of_the_unique_one() -> None:
    sql = (
        TABLE
        + "CREATE INDEX a ON t (z); CREATE UNIQUE INDEX b ON t (z); CREATE UNIQUE INDEX c ON t (z) NULLS NOT DISTINCT;"
    )
    assert [f.object for f in check_texts(duplicate, sql)] == ["public.a"]


def test_a_dropped_or_renamed_index_is_no_duplicate() -> None:
    sql = TABLE + "CREATE INDEX a ON t (z); DROP INDEX a; CREATE INDEX b ON t (z);"
    assert check_texts(duplicate, sql) == []
    assert check_texts(duplicate, sql.replace("DROP INDEX a", "ALTER INDEX a RENAME TO c"))


def test_partitions_take_over_indexes() -> None:
    sql = (
        "CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE q PARTITION OF p DEFAULT;"
        "CREATE INDEX a ON p (x); CREATE INDEX b ON q (x); CREATE INDEX c ON q (x);"
    )
    assert check_texts(duplicate, sql) == []


@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("INDEX i ON t (x, y)", 1),
        ("INDEX i ON t (y, x)", 0),
        ("INDEX i ON t (x, y) WHERE z > 0", 0),
        ("INDEX i ON t (x, y DESC)", 0),
        ("INDEX i ON t (x, y) INCLUDE (z)", 0),
        ("UNIQUE INDEX i ON t (id)", 1),
        ("UNIQUE INDEX i ON t (x, y) NULLS NOT DISTINCT", 0),
    ],
)
def test_repeats_a_constraint(index: str, found: int) -> None:
    assert len(check_texts(repeats, f"{TABLE}CREATE {index};")) == found


def test_index_that_became_the_constraint() -> None:
    sql = "CREATE TABLE t (z int); CREATE UNIQUE INDEX i ON t (z); ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i;"
    assert check_texts(repeats, sql) == []


@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("INDEX i ON t (x)", 1),
        ("INDEX i ON t (y)", 0),
        ("INDEX i ON t (x text_pattern_ops)", 0),
        ("UNIQUE INDEX i ON t (x)", 0),
        ("INDEX i ON t (x) WHERE z > 0", 0),
        ("INDEX i ON t (z); CREATE INDEX j ON t (z, x) WHERE x > ''", 0),
        ("INDEX i ON t (z DESC); CREATE INDEX j ON t (z DESC, lower(x))", 1),
        ("INDEX i ON t (z DESC); CREATE INDEX j ON t (z, x)", 0),
    ],
)
def test_prefixes(index: str, found: int) -> None:
    assert len(check_texts(prefix, f"{TABLE}CREATE {index};")) == found


@pytest.mark.parametrize(
    ("index", "found"),
    [("(x, x)", 1), ("(x, x text_pattern_ops)", 0), ("(x) INCLUDE (x)", 1), ("(lower(x), lower(x))", 0)],
)
def test_column_twice(index: str, found: int) -> None:
    assert len(check_texts(duplicate_index_column, f"{TABLE}CREATE INDEX i ON t {index};")) == found


@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("(d)", 1),
        ("(s)", 1),
        ("(z, s)", 0),
        ("((d ->> 'a'))", 0),
        ("USING gin (d)", 0),
        ("USING hash (d)", 0),
    ],
)
def test_btree_on_documents(index: str, found: int) -> None:
    assert len(check_texts(btree_on_array_or_jsonb, f"{TABLE}CREATE INDEX i ON t {index};")) == found


TENANCY = "tenancy: {column: tenant_id, type: uuid}"
SIMPLE = "CREATE TABLE b (tenant_id uuid, x int REFERENCES a);\n"
COMPOSITE = "CREATE TABLE b (tenant_id uuid, x int, y int, FOREIGN KEY (tenant_id, x) REFERENCES a (t, x));\n"


@pytest.mark.parametrize(
    ("table", "index", "config", "found"),
    [
        (SIMPLE, "(x, tenant_id)", "", 0),
        (SIMPLE, "(tenant_id, x)", "", 1),
        (SIMPLE, "(tenant_id, x)", TENANCY, 1),
        (SIMPLE, "(x) WHERE x IS NOT NULL", "", 0),
        (SIMPLE, "(x) WHERE tenant_id IS NULL", "", 1),
        (SIMPLE, "USING hash (x)", "", 0),
        (SIMPLE, "USING brin (x)", "", 1),
        (SIMPLE, "((x + 1))", "", 1),
        (COMPOSITE, "(x, tenant_id, y)", "", 0),
        (COMPOSITE, "(tenant_id, y, x)", "", 1),
        (COMPOSITE, "(x)", "", 1),
        (COMPOSITE, "(x)", TENANCY, 0),
        (COMPOSITE, "(tenant_id)", TENANCY, 1),
    ],
)
def test_foreign_key_index(table: str, index: str, config: str, found: int) -> None:
    assert len(check_texts(without, f"{table}CREATE INDEX i ON b {index};", config)) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE TABLE b (x int PRIMARY KEY REFERENCES a);", 0),
        ("CREATE TABLE b (x int, y int REFERENCES a, PRIMARY KEY (x, y));", 1),
        ("CREATE TABLE b (x int); ALTER TABLE b ADD FOREIGN KEY (x) REFERENCES a; CREATE INDEX ON b (x);", 0),
        ("CREATE TABLE b (x int REFERENCES a); CREATE INDEX i ON b (x); DROP INDEX i;", 1),
        (
            "CREATE TABLE b (x int REFERENCES a) PARTITION BY LIST (x); CREATE TABLE c PARTITION OF b DEFAULT;",
            1,
        ),
    ],
)
def test_foreign_key_index_elsewhere(sql: str, found: int) -> None:
    assert len(check_texts(without, sql)) == found


def test_fix_stands_behind_the_table_and_silences() -> None:
    sql = '-- é\nCREATE TABLE "S".b ("X" int REFERENCES a);\nSELECT 1;'
    (finding,) = check_texts(without, sql)
    assert finding.fix is not None
    assert not finding.fix.safe
    (edit,) = finding.fix.edits
    data = sql.encode()
    fixed = (data[: edit.span.start] + edit.replacement.encode() + data[edit.span.end :]).decode()
    assert fixed.endswith('REFERENCES a);\nCREATE INDEX ON "S".b ("X");\nSELECT 1;')
    assert check_texts(without, fixed) == []
