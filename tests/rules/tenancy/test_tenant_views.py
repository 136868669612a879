"""Views over tenant tables: what they publish, and who may read it."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.tenancy.materialized_view_exposes_tenant_data import (
    materialized_view_exposes_tenant_data,
)
from confiture_rules.tenancy.tenant_view_column_not_from_source import tenant_view_column_not_from_source
from confiture_rules.tenancy.tenant_view_without_column import tenant_view_without_column
from confiture_rules.tenancy.view_bypasses_rls import view_bypasses_rls

CONFIG = "tenancy: {column: tenant_id, type: uuid, root: w_tenant, exempt: ['c_*', '*_ops', w_tenant]}"
TABLES = """
CREATE TABLE w_tenant (id uuid PRIMARY KEY, slug text);
CREATE TABLE w_a (tenant_id uuid, id uuid, b_id uuid, n int, reseller uuid REFERENCES w_tenant);
CREATE TABLE w_b (tenant_id uuid, id uuid, label text);
CREATE TABLE c_kind (code text, tenant_id uuid);
CREATE FUNCTION fn_of(uuid) RETURNS uuid LANGUAGE sql AS 'SELECT $1';
"""


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ("v AS SELECT id FROM w_a", 1),
        ("v AS SELECT count(*) FROM w_a", 1),
        ("v AS SELECT code, (SELECT count(*) FROM w_a WHERE n::text = code) FROM c_kind", 1),
        ("v AS WITH q AS (SELECT * FROM w_a) SELECT id FROM q", 1),
        ("v AS SELECT * FROM w_a", 0),
        ("v (tenant_id, x) AS SELECT a.tenant_id, id FROM w_a a", 0),
        ("v AS SELECT tenant_id AS dealer, id FROM w_a", 0),
        ("v AS SELECT id FROM w_a WHERE tenant_id = current_setting('t')::uuid", 0),
        ("v AS SELECT t.id, count(*) FROM w_tenant t JOIN w_a a ON a.tenant_id = t.id GROUP BY t.id", 0),
        ("v AS SELECT code FROM c_kind", 0),
        ("v_ops AS SELECT count(*) FROM w_a", 0),
        ("v AS SELECT * FROM w_a JOIN elsewhere e ON true", 0),
    ],
)
def test_the_column_is_published(view: str, found: int) -> None:
    assert len(check_texts(tenant_view_without_column, f"{TABLES}CREATE VIEW {view};", CONFIG)) == found


@pytest.mark.parametrize(
    ("outputs", "marked"),
    [
        ("a.tenant_id, a.id FROM w_a a", ""),
        ("a.id, a.b_id AS tenant_id FROM w_a a", "a.b_id"),
        ("'é' AS x, '00000000-0000-0000-0000-000000000000'::uuid AS tenant_id FROM w_a a", "'00000000"),
        ("coalesce(a.tenant_id, b.tenant_id) AS tenant_id FROM w_a a LEFT JOIN w_b b USING (tenant_id)", ""),
        ("q.t AS tenant_id FROM (SELECT tenant_id AS t FROM w_a) q", ""),
        ("t.id AS tenant_id FROM w_tenant t JOIN w_a a ON a.tenant_id = t.id", ""),
        ("a.reseller AS tenant_id FROM w_a a", ""),
        (
            "current_setting('t')::uuid AS tenant_id, id FROM w_a WHERE tenant_id = current_setting('t')::uuid",
            "",
        ),
        ("current_setting('t')::uuid AS tenant_id, id FROM w_a", "current_setting"),
        ("k.tenant_id FROM c_kind k JOIN w_a a ON true", ""),
        ("NULL::uuid AS tenant_id, code FROM c_kind", ""),
        ("tenant_id, id FROM w_a UNION ALL SELECT id, id FROM w_b", "id, id"),
        ("a.n, coalesce(a.b_id, b.id) AS tenant_id, a.n AS z FROM w_a a LEFT JOIN w_b b ON true", "coalesce"),
        ("coalesce(a.b_id, a.tenant_id) AS tenant_id, a.n FROM w_a a", ""),
        ("CASE WHEN a.n > 1 THEN a.reseller END AS tenant_id, a.n FROM w_a a", ""),
        ("a.b_id::uuid AS tenant_id, a.n FROM w_a a", "a.b_id::uuid"),
        ("(a.b_id::text)::uuid AS tenant_id, a.n FROM w_a a", "(a.b_id"),
        ("min(a.tenant_id::text)::uuid AS tenant_id, a.id FROM w_a a GROUP BY a.id", ""),
        ("(SELECT b.tenant_id FROM w_b b WHERE b.id = a.b_id) AS tenant_id, a.id FROM w_a a", ""),
        ("(SELECT b.id FROM w_b b WHERE b.id = a.b_id) AS tenant_id, a.id FROM w_a a", "(SELECT"),
        ("(to_jsonb(a) ->> 'tenant_id')::uuid AS tenant_id, a.id FROM w_a a", ""),
        ("fn_of(a.b_id) AS tenant_id, a.id FROM w_a a", ""),
        ("coalesce(a.b_id, e.x) AS tenant_id, a.id FROM w_a a JOIN elsewhere e ON true", ""),
    ],
)
def test_the_column_comes_from_the_source(outputs: str, marked: str) -> None:
    sql = f"{TABLES}CREATE VIEW v AS SELECT {outputs};"
    found = check_texts(tenant_view_column_not_from_source, sql, CONFIG)
    places = [sql.encode()[f.span.start :].decode() for f in found]
    assert len(places) == bool(marked)
    assert all(place.startswith(marked) for place in places)


@pytest.mark.parametrize(
    ("sql", "marked"),
    [
        ("CREATE MATERIALIZED VIEW mv AS SELECT tenant_id FROM w_a;", []),
        ("CREATE MATERIALIZED VIEW mv AS SELECT n FROM w_a;", ["CREATE MATERIALIZED"]),
        ("CREATE MATERIALIZED VIEW mv AS SELECT code FROM c_kind; GRANT SELECT ON mv TO x;", []),
        (
            "CREATE MATERIALIZED VIEW mv AS SELECT tenant_id FROM w_a; GRANT SELECT ON mv TO x; REVOKE ALL ON mv FROM x;",
            [],
        ),
        (
            (
                "CREATE VIEW v AS SELECT tenant_id FROM w_a; CREATE MATERIALIZED VIEW mv AS SELECT * FROM v;"
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO x;"
            ),
            ["GRANT SELECT ON ALL"],
        ),
    ],
)
def test_materialized_views(sql: str, marked: list[str]) -> None:
    found = check_texts(materialized_view_exposes_tenant_data, TABLES + sql, CONFIG)
    assert [(TABLES + sql)[f.span.start :][: len(m)] for f, m in zip(found, marked, strict=True)] == marked


@pytest.mark.parametrize(
    ("view", "config", "found"),
    [
        ("CREATE VIEW v AS SELECT id FROM w_a;", "postgres: 16", 1),
        ("CREATE VIEW v AS SELECT id FROM w_a;", "postgres: 14", 0),
        ("CREATE VIEW v WITH (security_invoker) AS SELECT id FROM w_a;", "postgres: 16", 0),
        ("CREATE VIEW v WITH (security_invoker = false) AS SELECT id FROM w_a;", "postgres: 16", 1),
        ("CREATE VIEW v AS SELECT id FROM w_a; ALTER VIEW v SET (security_invoker = on);", "postgres: 16", 0),
        (
            "CREATE VIEW i WITH (security_invoker = on) AS SELECT id FROM w_a; CREATE VIEW v AS SELECT * FROM i;",
            "",
            0,
        ),
        ("CREATE VIEW v AS SELECT id FROM w_b;", "postgres: 16", 0),
    ],
)
def test_security_invoker(view: str, config: str, found: int) -> None:
    sql = f"{TABLES}ALTER TABLE w_a ENABLE ROW LEVEL SECURITY; {view}"
    assert len(check_texts(view_bypasses_rls, sql, config or "version: 1")) == found
