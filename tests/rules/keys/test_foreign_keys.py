"""Foreign keys: what the server refuses, what fails later, and what only looks like it."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.keys.composite_foreign_key_partially_null import (
    composite_foreign_key_partially_null as composite,
)
from confiture_rules.keys.duplicate_foreign_key import duplicate_foreign_key as duplicate
from confiture_rules.keys.foreign_key_cycle import foreign_key_cycle as cycle
from confiture_rules.keys.foreign_key_target_not_unique import foreign_key_target_not_unique as target
from confiture_rules.keys.foreign_key_type_differs import foreign_key_type_differs as differs
from confiture_rules.keys.foreign_key_type_mismatch import foreign_key_type_mismatch as mismatch
from confiture_rules.keys.set_null_on_not_null_column import set_null_on_not_null_column as set_null

TENANCY = "tenancy: {column: tenant_id, type: uuid}"


def marks(rule, sql: str, config: str = "") -> list[str]:
    data = sql.encode()
    return [data[f.span.start : f.span.end].decode() for f in check_texts(rule, sql, config)]


def pair(mine: str, theirs: str, before: str = "") -> str:
    return f"{before} CREATE TABLE a (id {theirs} PRIMARY KEY); CREATE TABLE b (a_id {mine} REFERENCES a);"


DOMAIN = "CREATE DOMAIN app.key AS bigint; CREATE DOMAIN k AS app.key;"
ENUMS = "CREATE TYPE e AS ENUM ('x'); CREATE TYPE f AS ENUM ('x');"


@pytest.mark.parametrize(
    ("mine", "theirs", "before", "refused", "differing"),
    [
        ("int", "bigint", "", 0, 1),
        ("bigint", "serial", "", 0, 1),
        ("int", "serial", "", 0, 0),
        ("varchar(20)", "text", "", 0, 0),
        ("char(2)", "varchar(2)", "", 0, 0),
        ("numeric(10,2)", "numeric(12)", "", 0, 0),
        ("text", "uuid", "", 1, 0),
        ("int", "text", "", 1, 0),
        ("numeric", "int", "", 1, 0),
        ("int", "numeric", "", 0, 1),
        ("date", "timestamptz", "", 0, 1),
        ("inet", "cidr", "", 0, 1),
        ("k", "bigint", DOMAIN, 0, 0),
        ("int", "k", DOMAIN, 0, 1),
        ("text", "k", DOMAIN, 1, 0),
        ("text", "e", ENUMS, 1, 0),
        ("e", "f", ENUMS, 1, 0),
        ("e", "e", ENUMS, 0, 0),
        ("text", "elsewhere.t", "", 0, 0),
        ("text", "e", ENUMS + "CREATE CAST (text AS e) WITH INOUT AS IMPLICIT;", 0, 0),
    ],
)
def test_types(mine: str, theirs: str, before: str, refused: int, differing: int) -> None:
    sql = pair(mine, theirs, before)
    assert (len(check_texts(mismatch, sql)), len(check_texts(differs, sql))) == (refused, differing)


def test_types_of_a_composite_key_in_another_schema_and_after_alter() -> None:
    sql = (
        'CREATE TABLE "S"."A" (x int, "Y" int, PRIMARY KEY (x, "Y"));\n'
        'CREATE TABLE b ("é" text, y bigint, CONSTRAINT c FOREIGN KEY (y, "é") REFERENCES "S"."A" ("Y", x));\n'
        "ALTER TABLE b ALTER COLUMN y TYPE int;"
    )
    assert marks(mismatch, sql) == ['CONSTRAINT c FOREIGN KEY (y, "é") REFERENCES "S"."A" ("Y", x)']
    assert marks(differs, sql) == []


PARTITIONED = "CREATE TABLE a (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE TABLE a (x int, y int, UNIQUE (x, y)); CREATE TABLE b (p int, q int, FOREIGN KEY (p, q) REFERENCES a (y, x));", 0),
        ("CREATE TABLE a (x int, y int, UNIQUE (x, y)); CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE a (x int); CREATE TABLE b (p int REFERENCES a);", 1),
        ("CREATE TABLE b (p int REFERENCES a); CREATE TABLE a (x int); ALTER TABLE a ADD PRIMARY KEY (x);", 0),
        ("CREATE TABLE a (x int); CREATE UNIQUE INDEX u ON a (x); CREATE TABLE b (p int REFERENCES a (x));", 0),
        ("CREATE TABLE a (x int); CREATE UNIQUE INDEX u ON a (x) WHERE x > 0; CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE a (x int, t text); CREATE UNIQUE INDEX u ON a (x, lower(t)); CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE a (x int UNIQUE DEFERRABLE); CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE a (x int UNIQUE); ALTER TABLE a DROP CONSTRAINT a_x_key; CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE p (x int PRIMARY KEY); CREATE TABLE a () INHERITS (p); CREATE TABLE b (p int REFERENCES a (x));", 1),
        ("CREATE TABLE a (LIKE elsewhere.t INCLUDING ALL, x int); CREATE TABLE b (p int REFERENCES a (x));", 0),
        ("CREATE TABLE b (p int REFERENCES elsewhere.a (x));", 0),
        (PARTITIONED + "CREATE TABLE p PARTITION OF a DEFAULT; CREATE TABLE b (x int, d int, FOREIGN KEY (x, d) REFERENCES p (id, d));", 0),
        ("CREATE TABLE a (x int); CREATE TABLE b (p int REFERENCES a (missing));", 0),
    ],
)  # fmt: skip
def test_target_is_unique(sql: str, found: int) -> None:
    assert len(check_texts(target, sql)) == found


A_B = "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (A_B + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b;", 1),
        (A_B + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b DEFERRABLE;", 0),
        (
            A_B
            + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b; ALTER TABLE a ALTER b DROP NOT NULL;",
            0,
        ),
        (
            A_B
            + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b; ALTER TABLE a DROP CONSTRAINT f;",
            0,
        ),
        ("CREATE TABLE a (id int PRIMARY KEY, parent int NOT NULL REFERENCES a);", 0),
        (
            "CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);CREATE TABLE c (id int PRIMARY KEY, b int NOT NULL REFERENCES b); CREATE TABLE d (c int NOT NULL REFERENCES c);ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES c;",
            1,
        ),
    ],
)
def test_cycles(sql: str, found: int) -> None:
    assert len(check_texts(cycle, sql)) == found


def test_cycle_is_reported_once_at_the_key_that_closes_it() -> None:
    sql = A_B + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES b;"
    assert marks(cycle, sql) == ["CONSTRAINT f FOREIGN KEY (b) REFERENCES b"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("FOREIGN KEY (p, q) REFERENCES a (x, y), FOREIGN KEY (q, p) REFERENCES a (y, x)", 1),
        ("FOREIGN KEY (p, q) REFERENCES a (x, y), FOREIGN KEY (p, q) REFERENCES a (y, x)", 0),
        ("FOREIGN KEY (p, q) REFERENCES a (x, y), FOREIGN KEY (p) REFERENCES c", 0),
        ("FOREIGN KEY (p) REFERENCES c, FOREIGN KEY (q) REFERENCES c", 0),
        ("FOREIGN KEY (p) REFERENCES c, FOREIGN KEY (p) REFERENCES c (id) ON DELETE CASCADE", 1),
    ],
)
def test_duplicates(keys: str, found: int) -> None:
    sql = f"CREATE TABLE a (x int, y int, UNIQUE (x, y)); CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE b (p int, q int, {keys});"
    assert len(check_texts(duplicate, sql)) == found


@pytest.mark.parametrize(
    ("columns", "extra", "config", "found"),
    [
        ("tenant_id uuid NOT NULL, x int, y int NOT NULL", "", "", 0),
        ("tenant_id uuid NOT NULL, x int, y int NOT NULL", "", TENANCY, 0),
        ("tenant_id uuid, x int NOT NULL, y int NOT NULL", "", "", 0),
        ("tenant_id uuid, x int NOT NULL, y int NOT NULL", "", TENANCY, 1),
        ("tenant_id uuid NOT NULL, x int, y int", "", TENANCY, 1),
        ("tenant_id uuid, x int, y int", "", "", 1),
        ("tenant_id uuid NOT NULL, x int, y int", "MATCH FULL", "", 0),
        ("tenant_id uuid NOT NULL, x int, y int", ", CHECK (num_nulls(x, y) IN (0, 2))", "", 0),
    ],
)
def test_partially_null(columns: str, extra: str, config: str, found: int) -> None:
    sql = f"CREATE TABLE b ({columns}, FOREIGN KEY (tenant_id, x, y) REFERENCES a (t, x, y) {extra});"
    assert len(check_texts(composite, sql, config)) == found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("t, x) REFERENCES a (t, x) ON DELETE SET NULL", 1),
        ("t, x) REFERENCES a (t, x) ON DELETE SET NULL (x)", 0),
        ("t, x) REFERENCES a (t, x) ON UPDATE SET NULL ON DELETE CASCADE", 1),
        ("d) REFERENCES a (x) ON DELETE SET DEFAULT", 0),
        ("t) REFERENCES a (x) ON DELETE SET DEFAULT", 1),
        ("k) REFERENCES a (x) ON DELETE SET DEFAULT", 0),
    ],
)
def test_set_null(key: str, found: int) -> None:
    sql = (
        "CREATE DOMAIN dom AS int DEFAULT 1;"
        f"CREATE TABLE b (t int NOT NULL, x int, d int NOT NULL DEFAULT 0, k dom NOT NULL, FOREIGN KEY ({key});"
    )
    assert len(check_texts(set_null, sql)) == found
