"""Primary keys and constraints that the server refuses or leaves unchecked."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.keys.duplicate_key_column import duplicate_key_column
from confiture_rules.keys.multiple_primary_keys import multiple_primary_keys
from confiture_rules.keys.not_valid_never_validated import not_valid_never_validated as not_valid
from confiture_rules.keys.partition_key_not_in_primary_key import (
    partition_key_not_in_primary_key as partition,
)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE TABLE a (x int, d int) PARTITION BY RANGE (d); ALTER TABLE a ADD PRIMARY KEY (x);", 1),
        ("CREATE TABLE a (x int, d int, PRIMARY KEY (d, x)) PARTITION BY RANGE (d);", 0),
        ("CREATE TABLE a (x int, d int) PARTITION BY RANGE (d); CREATE UNIQUE INDEX u ON a (x);", 1),
        ("CREATE TABLE a (x int, d int) PARTITION BY RANGE (d); CREATE INDEX u ON a (x);", 0),
        ("CREATE TABLE a (x int, d int UNIQUE) PARTITION BY RANGE ((d + 1));", 1),
        (
            "CREATE TABLE a (x int, d int) PARTITION BY RANGE (d);CREATE TABLE p PARTITION OF a DEFAULT; CREATE UNIQUE INDEX u ON p (x);",
            0,
        ),
        (
            "CREATE TABLE a (x int, d int, UNIQUE (x, e)) PARTITION BY RANGE (d); ALTER TABLE a RENAME COLUMN d TO e;",
            0,
        ),
    ],
)
def test_partition_key(sql: str, found: int) -> None:
    assert len(check_texts(partition, sql)) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE TABLE a (x int, CONSTRAINT c CHECK (x > 0) NOT VALID);", 0),
        ("CREATE TABLE a (x int); ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID;", 1),
        ("CREATE TABLE a (x int); ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b NOT VALID;", 1),
        (
            "CREATE TABLE a (x int); ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b NOT VALID;ALTER TABLE a VALIDATE CONSTRAINT a_x_fkey;",
            0,
        ),
        (
            "CREATE TABLE a (x int); ALTER TABLE a ADD CHECK (x > 0) NOT VALID; ALTER TABLE a DROP COLUMN x;",
            0,
        ),
    ],
)
def test_not_valid(sql: str, found: int) -> None:
    assert len(check_texts(not_valid, sql)) == found


def test_second_primary_key_in_another_file() -> None:
    (finding,) = check_texts(
        multiple_primary_keys,
        {
            "1.sql": 'CREATE TABLE "S".t (id int PRIMARY KEY, x int);',
            "2.sql": 'ALTER TABLE "S".t ADD PRIMARY KEY (x);',
        },
    )
    assert (finding.path, finding.object, finding.related[0].path) == ("2.sql", "S.t", "1.sql")


def test_unique_names_a_column_twice() -> None:
    sql = 'CREATE TABLE t ("é" int, b int, UNIQUE (b, "é", b));'
    (finding,) = check_texts(duplicate_key_column, sql)
    assert sql.encode()[finding.span.start : finding.span.end].decode() == 'UNIQUE (b, "é", b)'
