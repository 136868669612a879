"""Inserts without the tenant, and row security of tenant tables."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_rules.tenancy.policy_without_tenant_setting import policy_without_tenant_setting
from confiture_rules.tenancy.rls_not_forced import rls_not_forced
from confiture_rules.tenancy.tenant_insert_missing_column import tenant_insert_missing_column
from confiture_rules.tenancy.tenant_table_without_rls import tenant_table_without_rls

CONFIG = "tenancy: {column: tenant_id, type: uuid, root: w_tenant, exempt: ['c_*', w_tenant], setting: app.tenant_id}"
TABLE = "CREATE TABLE w_a (tenant_id uuid NOT NULL, id int);\n"
FILL = """CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.tenant_id := current_setting('app.tenant_id')::uuid; RETURN NEW; END $$;
CREATE TRIGGER fill BEFORE INSERT ON w_a FOR EACH ROW EXECUTE FUNCTION fill();\n"""


@pytest.mark.parametrize(
    ("sql", "objects"),
    [
        ("INSERT INTO w_a (id) VALUES (1);", ["public.w_a"]),
        ("INSERT INTO public.w_a (id) SELECT 1;", ["public.w_a"]),
        ("COPY w_a (id) FROM stdin;", ["public.w_a"]),
        ("DO $$ BEGIN INSERT INTO w_a (id) VALUES (1); END $$;", ["public.w_a"]),
        ("WITH q AS (INSERT INTO w_a (id) VALUES (1) RETURNING id) SELECT * FROM q;", ["public.w_a"]),
        (
            "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO w_a (id) VALUES (1); END $$;",
            ["public.p"],
        ),
        ("INSERT INTO w_a (id, tenant_id) VALUES (1, 'x');", []),
        ("INSERT INTO w_a VALUES ('x', 1);", []),
        ("INSERT INTO elsewhere (id) VALUES (1);", []),
        (f"{FILL}INSERT INTO w_a (id) VALUES (1);", []),
        (
            (
                "ALTER TABLE w_a ALTER tenant_id SET DEFAULT current_setting('app.tenant_id')::uuid;"
                "INSERT INTO w_a (id) VALUES (1);"
            ),
            [],
        ),
        ("CREATE TEMP TABLE w_a (id int); INSERT INTO w_a (id) VALUES (1);", []),
    ],
)
def test_inserts(sql: str, objects: list[str]) -> None:
    assert [f.object for f in check_texts(tenant_insert_missing_column, TABLE + sql, CONFIG)] == objects


CURRENT = """CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE
AS $$ SELECT current_setting('app.tenant_id')::uuid $$;
CREATE FUNCTION app_tenant_or_fail() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN app_tenant(); END $$;\n"""


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ("CREATE POLICY p ON w_a USING (tenant_id = app_tenant());", 0),
        ("CREATE POLICY p ON w_a USING (tenant_id = (SELECT app_tenant_or_fail()));", 0),
        (
            "CREATE POLICY p ON w_a USING (tenant_id = current_setting('app.tenant_id')::uuid) WITH CHECK (true);",
            1,
        ),
        ("CREATE POLICY p ON w_a USING (tenant_id = current_setting('app.user_id')::uuid);", 1),
        ("CREATE POLICY p ON w_a USING (false);", 0),
        ("CREATE POLICY p ON w_a AS RESTRICTIVE USING (id > 0);", 0),
        (
            (
                "CREATE POLICY r ON w_a AS RESTRICTIVE USING (tenant_id = app_tenant());"
                "CREATE POLICY p ON w_a FOR SELECT USING (true);"
            ),
            0,
        ),
        ("CREATE POLICY p ON w_a USING (true); DROP POLICY p ON w_a;", 0),
        ("CREATE POLICY p ON w_a USING (true); ALTER POLICY p ON w_a USING (tenant_id = app_tenant());", 0),
    ],
)
def test_policies(policies: str, found: int) -> None:
    assert len(check_texts(policy_without_tenant_setting, TABLE + CURRENT + policies, CONFIG)) == found


DYNAMIC = (
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', current_setting('a.b')); END $$;"
)
PARTITION = "CREATE TABLE w_p (tenant_id uuid) PARTITION BY LIST (tenant_id);"


@pytest.mark.parametrize(
    ("sql", "unprotected", "unforced"),
    [
        ("", 1, 0),
        ("ALTER TABLE w_a ENABLE ROW LEVEL SECURITY;", 0, 1),
        ("ALTER TABLE w_a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;", 0, 0),
        ("ALTER TABLE w_a ENABLE ROW LEVEL SECURITY; ALTER TABLE w_a DISABLE ROW LEVEL SECURITY;", 1, 0),
        (DYNAMIC, 0, 0),
        ("DO $$ BEGIN EXECUTE format('CREATE ROLE %I', 'x'); END $$;", 1, 0),
        (f"{PARTITION} CREATE TABLE w_p1 PARTITION OF w_p DEFAULT; DROP TABLE w_a;", 1, 0),
        (
            f"{PARTITION} CREATE TABLE w_p1 PARTITION OF w_p DEFAULT; GRANT SELECT ON w_p1 TO x; DROP TABLE w_a;",
            2,
            0,
        ),
    ],
)
def test_row_security(sql: str, unprotected: int, unforced: int) -> None:
    assert len(check_texts(tenant_table_without_rls, TABLE + sql, CONFIG)) == unprotected
    assert len(check_texts(rls_not_forced, TABLE + sql, CONFIG)) == unforced
