"""Joins of tenant tables: what equates the tenant column, and what does not."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.tenancy.tenant_join_missing import tenant_join_missing

CONFIG = "tenancy: {column: tenant_id, type: uuid, root: w_tenant, exempt: ['c_*', w_tenant]}"
TABLES = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY, slug text);
CREATE TABLE w_a (tenant_id uuid, id uuid, b_id uuid, n int);
CREATE TABLE w_b (tenant_id uuid, id uuid, label text);
CREATE SCHEMA crm;
CREATE TABLE crm."Lead" (tenant_id uuid, id uuid, b_id uuid);
CREATE TABLE c_kind (code text, tenant_id uuid);
CREATE VIEW v_b AS SELECT tenant_id, id, label FROM w_b;
"""


def joined(query: str) -> list[str]:
    findings = check_texts(tenant_join_missing, f"{TABLES}CREATE VIEW v AS {query};", CONFIG)
    return [finding.message.partition(" ")[0] for finding in findings if finding.object == "public.v"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a.id FROM w_a a JOIN w_b b ON a.tenant_id = b.tenant_id AND b.id = a.b_id",
        "SELECT a.id FROM w_a a JOIN w_b b USING (tenant_id)",
        "SELECT a.id FROM w_a a NATURAL JOIN w_b b",
        "SELECT a.id FROM w_a a, w_b b WHERE (a.tenant_id, a.b_id) = (b.tenant_id, b.id)",
        "SELECT a.id FROM w_tenant t JOIN w_a a ON a.tenant_id = t.id JOIN w_b b ON b.tenant_id = t.id",
        "SELECT a.id FROM w_a a JOIN c_kind k ON k.tenant_id = a.tenant_id JOIN w_b b ON b.tenant_id = k.tenant_id",
        "SELECT 1 FROM w_a a, w_b b WHERE a.tenant_id = current_setting('t')::uuid AND b.tenant_id = current_setting('t')::uuid",
        "SELECT a.id, p.n FROM w_a a LEFT JOIN LATERAL (SELECT count(*) n FROM w_b b WHERE b.tenant_id = a.tenant_id) p ON true",
        "SELECT a.id, (SELECT b.label FROM w_b b WHERE b.tenant_id = a.tenant_id AND b.id = a.b_id) FROM w_a a",
        "SELECT a.id FROM w_a a JOIN v_b b ON b.tenant_id = a.tenant_id",
        "WITH q AS (SELECT tenant_id AS t, id FROM w_b) SELECT a.id FROM w_a a JOIN q ON q.t = a.tenant_id",
        "SELECT a.id FROM w_a a JOIN (SELECT * FROM w_b) q ON q.tenant_id = a.tenant_id",
        "SELECT a.id FROM w_a a JOIN c_kind k ON k.code = a.n::text",
        "SELECT tenant_id FROM w_a UNION ALL SELECT tenant_id FROM w_b",
        "SELECT a.id FROM w_a a JOIN w_b AS b (t, i, l) ON b.t = a.tenant_id",
        "SELECT a.id FROM w_a a JOIN elsewhere e ON e.id = a.id",
        (
            "WITH RECURSIVE r AS (SELECT tenant_id, id FROM w_a UNION ALL SELECT b.tenant_id, b.id FROM w_b b JOIN r ON r.id = b.id)"
            " SELECT id FROM r"
        ),
    ],
)
def test_the_tenant_column_is_equated(query: str) -> None:
    assert joined(query) == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT a.id FROM w_a a JOIN w_b b ON b.id = a.b_id", ["w_b"]),
        ("SELECT a.id FROM w_a a JOIN w_b b USING (id)", ["w_b"]),
        ("SELECT a.id FROM w_a a JOIN v_b b ON b.id = a.b_id", ["v_b"]),
        ('SELECT l.id FROM crm."Lead" l JOIN w_b b ON b.id = l.b_id', ["w_b"]),
        ("SELECT a.id FROM w_a a JOIN w_a p ON p.id = a.b_id", ["w_a"]),
        ("SELECT a.id, (SELECT b.label FROM w_b b WHERE b.id = a.b_id) FROM w_a a", ["w_b"]),
        ("SELECT a.id FROM w_a a JOIN (SELECT id, count(*) FROM w_b GROUP BY id) q ON q.id = a.b_id", ["q"]),
        ("WITH q AS (SELECT tenant_id, id FROM w_b) SELECT a.id FROM w_a a JOIN q ON q.id = a.b_id", ["q"]),
        (
            "SELECT 1 FROM w_a a, w_b b WHERE a.tenant_id = current_setting('t')::uuid AND a.b_id = b.id",
            ["w_b"],
        ),
        ("SELECT a.id FROM w_a a JOIN w_b b ON a.tenant_id = b.tenant_id OR a.b_id = b.id", []),
    ],
)
def test_the_tenant_column_is_not_equated(query: str, names: list[str]) -> None:
    assert joined(query) == names


def test_functions_policies_and_places() -> None:
    sql = f"""{TABLES}
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN -- é
    RETURN (SELECT count(*) FROM w_a a JOIN w_b b ON b.id = a.b_id WHERE a.tenant_id = current_setting('t')::uuid);
END $$;
CREATE POLICY p ON w_a USING (EXISTS (SELECT 1 FROM w_b x JOIN crm."Lead" l ON l.b_id = x.id WHERE x.id = w_a.b_id));
"""
    found = check_texts(tenant_join_missing, sql, CONFIG)
    marked = [sql.encode()[f.span.start : f.span.end].decode() for f in found]
    assert [(f.object, text) for f, text in zip(found, marked, strict=True)] == [
        ("public.f", "w_b"),
        ("public.w_a", 'crm."Lead"'),
    ]
