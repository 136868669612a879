"""Tenant column, keys and indexes of tables: near misses, later changes, partitions, other schemas."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
CONFIG = "tenancy: {column: tenant_id, type: uuid, root: crm.tenant, exempt: ['*.audit_*', crm.tenant]}"
ROOT = "CREATE SCHEMA crm; CREATE TABLE crm.tenant (id uuid PRIMARY KEY);\n"
CASES = [
    (
        "tenant-column-nullable",
        "CREATE TABLE a (tenant_id uuid); ALTER TABLE a ALTER tenant_id SET NOT NULL;",
        [],
    ),
    ("tenant-column-nullable", "CREATE TABLE a (tenant_id uuid, id int, PRIMARY KEY (tenant_id, id));", []),
    ("tenant-column-nullable", "CREATE TABLE audit_a (tenant_id uuid);", []),
    (
        "tenant-column-nullable",
        "CREATE TABLE a (); /* é */ ALTER TABLE a ADD tenant_id uuid;",
        ["tenant_id uuid"],
    ),
    ("tenant-column-nullable", "CREATE TABLE a (tenant_id uuid); DROP TABLE a;", []),
    ("tenant-column-type-mismatch", "CREATE DOMAIN key AS uuid; CREATE TABLE a (tenant_id key);", []),
    ("tenant-column-type-mismatch", "CREATE TABLE a (tenant_id elsewhere.key);", []),
    ("tenant-column-type-mismatch", "CREATE TABLE a (tenant_id bigint);", ["tenant_id bigint"]),
    (
        "tenant-column-without-foreign-key",
        "CREATE TABLE a (tenant_id uuid); ALTER TABLE a ADD FOREIGN KEY (tenant_id) REFERENCES crm.tenant;",
        [],
    ),
    (
        "tenant-column-without-foreign-key",
        (
            "CREATE TABLE a (tenant_id uuid REFERENCES crm.tenant, id int, UNIQUE (tenant_id, id));"
            "CREATE TABLE b (tenant_id uuid NOT NULL, a_id int NOT NULL, FOREIGN KEY (tenant_id, a_id) REFERENCES a (tenant_id, id));"
        ),
        [],
    ),
    (
        "tenant-column-without-foreign-key",
        (
            "CREATE TABLE a (tenant_id uuid REFERENCES crm.tenant, id int, UNIQUE (tenant_id, id));"
            "CREATE TABLE b (tenant_id uuid NOT NULL, a_id int, FOREIGN KEY (tenant_id, a_id) REFERENCES a (tenant_id, id));"
        ),
        ["tenant_id uuid NOT NULL"],
    ),
    ("tenant-index-prefix-missing", "CREATE TABLE a (tenant_id uuid) PARTITION BY LIST (tenant_id);", []),
    (
        "tenant-index-prefix-missing",
        "CREATE TABLE a (tenant_id uuid); CREATE INDEX ON a (tenant_id, ctid);",
        [],
    ),
    (
        "tenant-index-prefix-missing",
        "CREATE TABLE a (tenant_id uuid, n int); CREATE INDEX ON a (tenant_id) WHERE n > 1;",
        ["CREATE TABLE a (tenant_id uuid, n int)"],
    ),
    (
        "tenant-foreign-key-not-composite",
        (
            "CREATE TABLE a (tenant_id uuid, id int PRIMARY KEY, up int REFERENCES a);"
            "CREATE TABLE audit_a (tenant_id uuid, id int REFERENCES a);"
        ),
        ["REFERENCES a"],
    ),
    (
        "tenant-foreign-key-not-composite",
        (
            "CREATE TABLE a (tenant_id uuid REFERENCES crm.tenant, id int, UNIQUE (id, tenant_id));"
            "CREATE TABLE b (tenant_id uuid, a_id int, FOREIGN KEY (a_id, tenant_id) REFERENCES a (id, tenant_id));"
        ),
        [],
    ),
    (
        "tenant-unique-not-scoped",
        "CREATE TABLE a (tenant_id uuid, id bigserial UNIQUE, code text PRIMARY KEY);",
        [],
    ),
    ("tenant-unique-not-scoped", "CREATE TABLE a (tenant_id uuid, token_hash text UNIQUE);", []),
    (
        "tenant-unique-not-scoped",
        "CREATE TABLE a (tenant_id uuid, e text); CREATE UNIQUE INDEX ON a (lower(e));",
        [],
    ),
    (
        "tenant-unique-not-scoped",
        'CREATE TABLE a (tenant_id uuid, "E-mail" text); CREATE UNIQUE INDEX ON a ("E-mail") WHERE "E-mail" > \'\';',
        ['CREATE UNIQUE INDEX ON a ("E-mail") WHERE "E-mail" > \'\''],
    ),
    (
        "tenant-unique-not-scoped",
        (
            "CREATE TABLE a (tenant_id uuid, id int PRIMARY KEY);"
            "CREATE TABLE b (tenant_id uuid, a_id int REFERENCES a, line int, PRIMARY KEY (a_id, line));"
        ),
        [],
    ),
    (
        "tenant-unique-not-scoped",
        (
            "CREATE TABLE a (tenant_id uuid, day date, at timestamptz, code text, UNIQUE (day, code)) PARTITION BY RANGE (day);"
            "CREATE TABLE a1 PARTITION OF a FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
        ),
        ["UNIQUE (day, code)"],
    ),
]


@pytest.mark.parametrize(("name", "sql", "marked"), CASES)
def test_keys(name: str, sql: str, marked: list[str]) -> None:
    text = (ROOT + sql).encode()
    found = check_texts(RULES[name], ROOT + sql, CONFIG)
    assert [text[f.span.start : f.span.end].decode() for f in found] == marked


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.family == "tenancy"])
def test_nothing_is_said_where_tenancy_is_not_configured(name: str) -> None:
    rule = RULES[name]
    if name != "view-bypasses-rls":
        assert check_texts(rule, rule.bad, "version: 1") == []
