"""Functions that restrict the tenant, and functions that forget to."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.tenancy.security_definer_bypasses_rls import security_definer_bypasses_rls
from confiture_rules.tenancy.tenant_predicate_missing import tenant_predicate_missing

CONFIG = "tenancy: {column: tenant_id, type: uuid, root: w_tenant, exempt: ['c_*', w_tenant], setting: app.tenant_id}"
TABLES = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY, slug text);
CREATE TABLE w_a (tenant_id uuid, id uuid, b_id uuid, n int);
CREATE TABLE w_b (tenant_id uuid, id uuid, label text);
CREATE TABLE c_kind (code text);
CREATE VIEW v_mine AS SELECT tenant_id, id FROM w_a WHERE tenant_id = current_setting('app.tenant_id')::uuid;
ALTER TABLE w_a ENABLE ROW LEVEL SECURITY;
"""


def used(
    body: str, header: str = "f(p_tenant_id uuid, p_id uuid) RETURNS void", language: str = "sql"
) -> list[str]:
    sql = f"{TABLES}CREATE FUNCTION {header} LANGUAGE {language} AS $$ {body} $$;"
    return [f.message.split()[2] for f in check_texts(tenant_predicate_missing, sql, CONFIG)]


@pytest.mark.parametrize(
    "body",
    [
        "SELECT 1 FROM w_a WHERE tenant_id = p_tenant_id",
        "SELECT 1 FROM w_a WHERE p_tenant_id = w_a.tenant_id AND id = p_id",
        "SELECT 1 FROM w_a WHERE tenant_id = ANY (ARRAY[p_tenant_id])",
        "SELECT 1 FROM w_a WHERE tenant_id IN (SELECT id FROM w_tenant WHERE slug = 'x')",
        "SELECT 1 FROM w_a WHERE p_id IS NULL OR tenant_id = p_tenant_id",
        "SELECT 1 FROM w_a a JOIN w_b b USING (tenant_id) WHERE a.tenant_id = p_tenant_id",
        "SELECT 1 FROM w_a a JOIN w_tenant t ON t.id = a.tenant_id WHERE t.slug = 'x'",
        "SELECT 1 FROM w_a a WHERE EXISTS (SELECT 1 FROM w_tenant t WHERE t.id = a.tenant_id AND t.slug = 'x')",
        "WITH q AS (SELECT * FROM w_a) SELECT 1 FROM q WHERE q.tenant_id = p_tenant_id",
        "SELECT 1 FROM (SELECT tenant_id AS t FROM w_a) q WHERE q.t = p_tenant_id",
        (
            "WITH q AS (SELECT tenant_id, id FROM w_a WHERE tenant_id = p_tenant_id)"
            " DELETE FROM w_b USING q WHERE w_b.tenant_id = q.tenant_id"
        ),
        "SELECT 1 FROM v_mine",
        (
            "SELECT p.n FROM w_a a LEFT JOIN LATERAL (SELECT count(*) n FROM w_b b WHERE b.tenant_id = a.tenant_id) p ON true"
            " WHERE a.tenant_id = p_tenant_id"
        ),
        (
            "DELETE FROM w_b b USING LATERAL (SELECT a.tenant_id FROM w_a a WHERE a.tenant_id = b.tenant_id) q"
            " WHERE b.tenant_id = p_tenant_id AND q.tenant_id = b.tenant_id"
        ),
        "SELECT 1 FROM c_kind",
        "INSERT INTO w_b (tenant_id, id) VALUES (p_tenant_id, p_id)",
        "MERGE INTO w_a a USING (SELECT p_tenant_id AS t) s ON a.tenant_id = s.t WHEN MATCHED THEN DELETE",
    ],
)
def test_the_tenant_is_restricted(body: str) -> None:
    assert used(body) == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("UPDATE w_a SET n = 1 WHERE id = p_id", ["w_a"]),
        ("DELETE FROM w_a", ["w_a"]),
        ("DELETE FROM w_a WHERE EXISTS (SELECT 1 FROM w_b b WHERE b.tenant_id = w_a.tenant_id)", ["w_a"]),
        (
            "SELECT p.n FROM w_a a, LATERAL (SELECT count(*) n FROM w_b b WHERE b.tenant_id = a.tenant_id) p",
            ["w_a"],
        ),
        ("SELECT tenant_id, id FROM w_a WHERE id = p_id", ["w_a"]),
        ("SELECT 1 FROM w_a a JOIN w_b b ON a.tenant_id = b.tenant_id", ["w_a"]),
        ("INSERT INTO w_b SELECT tenant_id, id, '' FROM w_a", ["w_a"]),
        ("SELECT 1 FROM c_kind WHERE EXISTS (SELECT 1 FROM w_a WHERE id = p_id)", ["w_a"]),
        ("WITH q AS (DELETE FROM w_a WHERE id = p_id RETURNING n) SELECT n FROM q", ["w_a"]),
        ("MERGE INTO w_a a USING w_b b ON a.b_id = b.id WHEN MATCHED THEN DELETE", ["w_a"]),
    ],
)
def test_the_tenant_is_forgotten(body: str, names: list[str]) -> None:
    assert used(body) == names


def test_a_function_for_all_tenants_keeps_them_apart() -> None:
    assert used("INSERT INTO w_b SELECT tenant_id, id, '' FROM w_a", "f() RETURNS void") == []
    assert used("SELECT tenant_id FROM w_a WHERE id = p_id", "f(p_id uuid) RETURNS uuid") == []
    assert used("SELECT id FROM w_a WHERE id = p_id", "f(p_id uuid) RETURNS uuid") == ["w_a"]
    assert used("SELECT tenant_id, id FROM w_a", "f() RETURNS TABLE (a uuid, b uuid)") == ["w_a"]


def test_a_trigger_may_follow_its_row() -> None:
    header = "f() RETURNS trigger"
    follow = "BEGIN UPDATE w_b SET label = '' WHERE id = NEW.b_id; RETURN NEW; END"
    forget = "BEGIN UPDATE w_b SET label = ''; RETURN NEW; END"
    assert used(follow, header, "plpgsql") == []
    assert used(forget, header, "plpgsql") == ["w_b"]


@pytest.mark.parametrize(
    ("security", "table", "count"), [("DEFINER", "w_a", 1), ("DEFINER", "w_b", 0), ("INVOKER", "w_a", 0)]
)
def test_security_definer_matters_where_there_is_row_security(security: str, table: str, count: int) -> None:
    body = f"SELECT 1 FROM {table} WHERE id = p_id"
    sql = (
        f"{TABLES}CREATE FUNCTION f(p_id uuid) RETURNS int LANGUAGE sql SECURITY {security} AS $$ {body} $$;"
    )
    assert len(check_texts(security_definer_bypasses_rls, sql, CONFIG)) == count
