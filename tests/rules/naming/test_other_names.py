"""Near misses of the smaller naming rules."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.naming.column_suffix_conventions import column_suffix_conventions
from confiture_rules.naming.generated_name_overflow import generated_name_overflow
from confiture_rules.naming.implicit_constraint_name import implicit_constraint_name
from confiture_rules.naming.index_name_mismatch import index_name_mismatch
from confiture_rules.naming.pg_prefix_schema import pg_prefix_schema
from confiture_rules.naming.require_table_schema import require_table_schema
from confiture_rules.naming.single_letter_identifier import single_letter_identifier
from confiture_rules.naming.table_column_same_name import table_column_same_name

TABLE = "CREATE TABLE w_order (id int, customer_id int, status text, created_at timestamptz, name text);\n"
WIDE = "customer_subscription_notification_preference"


@pytest.mark.parametrize(
    ("rule", "sql", "count"),
    [
        (index_name_mismatch, TABLE + "CREATE INDEX w_order_customer ON w_order (customer_id);", 0),
        (index_name_mismatch, TABLE + "CREATE INDEX w_order_customer_status ON w_order (customer_id);", 1),
        (index_name_mismatch, TABLE + "CREATE INDEX by_customer_id ON w_order (lower(status));", 1),
        (index_name_mismatch, TABLE + "CREATE INDEX by_status ON w_order (id) WHERE status = 'open';", 0),
        (index_name_mismatch, TABLE + "CREATE INDEX ON w_order (id);", 0),
        (index_name_mismatch, TABLE + "CREATE INDEX whatever ON w_order (id);", 0),
        (
            pg_prefix_schema,
            "CREATE SCHEMA IF NOT EXISTS pg_catalog; CREATE SCHEMA pgx; ALTER ROLE pg_monitor;",
            0,
        ),
        (pg_prefix_schema, 'CREATE ROLE pg_app; CREATE SCHEMA "pg_x";', 2),
        (implicit_constraint_name, "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL REFERENCES t);", 1),
        (
            implicit_constraint_name,
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); CREATE TABLE u (LIKE t INCLUDING ALL);",
            0,
        ),
        (generated_name_overflow, f"CREATE TABLE {WIDE} (a int CHECK (a > 0));", 0),
        (
            generated_name_overflow,
            f"CREATE TABLE {WIDE} (subscription_identifier int CHECK (subscription_identifier > 0));",
            1,
        ),
        (
            generated_name_overflow,
            f"CREATE TABLE {WIDE} (subscription_identifier int CONSTRAINT c UNIQUE);",
            0,
        ),
        (require_table_schema, "CREATE TEMP TABLE t (id int); CREATE TABLE s.t (id int);", 0),
        (
            require_table_schema,
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE t AS ENUM ();",
            2,
        ),
        (
            column_suffix_conventions,
            "CREATE TABLE t (at timestamptz, valid_until date, born date, seen timestamptz[]);",
            1,
        ),
        (
            table_column_same_name,
            "CREATE TABLE colour (colour text); CREATE TABLE note (id int, note text);",
            1,
        ),
        (single_letter_identifier, "CREATE TABLE p (x int, y int, k int);", 2),
    ],
)
def test_count(rule, sql: str, count: int) -> None:
    assert len(check_texts(rule, sql)) == count
