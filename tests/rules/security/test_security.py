"""Security rules: near misses, later changes, other places than the top level."""

import pytest

from confiture_linter.engine.memory import check_texts
from confiture_linter.engine.registry import load_rules

RULES = {rule.name: rule for rule in load_rules(entry_points=False)}
TABLE = "CREATE TABLE t (id int, owner_name name);\n"
RLS = TABLE + "ALTER TABLE t ENABLE ROW LEVEL SECURITY;\n"
F = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER"
CASES = [
    ("rls-enabled-without-policy", RLS + "ALTER TABLE t DISABLE ROW LEVEL SECURITY;", 0),
    ("rls-enabled-without-policy", RLS + "CREATE POLICY p ON t USING (true); DROP POLICY p ON t;", 1),
    (
        "rls-enabled-without-policy",
        RLS + "DO $$ BEGIN EXECUTE 'CREATE POLICY p ON t USING (' || 'true)'; END $$;",
        0,
    ),
    (
        "rls-enabled-without-policy",
        RLS + "DO $$ BEGIN EXECUTE 'CREATE POLICY p ON t USING (true)'; END $$;",
        0,
    ),
    (
        "rls-enabled-without-policy",
        RLS
        + "CREATE FUNCTION s(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE x; END $$; SELECT s('…');",
        0,
    ),
    (
        "policy-without-rls-enabled",
        TABLE + "CREATE POLICY p ON t USING (id > 0); CREATE POLICY q ON t USING (id < 0);",
        1,
    ),
    ("policy-always-true", RLS + "CREATE POLICY p ON t FOR SELECT USING (true);", 0),
    ("policy-always-true", RLS + "CREATE POLICY p ON t TO app_admin USING (true);", 0),
    ("policy-always-true", RLS + "CREATE POLICY p ON t AS RESTRICTIVE USING (true);", 0),
    (
        "policy-always-true",
        RLS + "CREATE POLICY p ON t USING (true) WITH CHECK (owner_name = current_user);",
        0,
    ),
    ("policy-always-true", RLS + "CREATE POLICY p ON t FOR DELETE TO anon USING (true);", 1),
    ("policy-always-true", RLS + "CREATE POLICY p ON t FOR INSERT WITH CHECK (true);", 1),
    ("policy-with-check-missing", RLS + "CREATE POLICY p ON t FOR UPDATE USING (id > 0);", 0),
    (
        "policy-with-check-missing",
        RLS + "CREATE POLICY p ON t FOR INSERT; ALTER POLICY p ON t WITH CHECK (id > 0);",
        0,
    ),
    (
        "policy-initplan",
        RLS + "CREATE POLICY p ON t USING (owner_name = (SELECT current_setting('a.b')));",
        0,
    ),
    ("policy-initplan", RLS + "CREATE POLICY p ON t USING (owner_name = auth.uid()::text);", 1),
    ("policy-initplan", RLS + "CREATE POLICY p ON t USING (f(id) AND lower(owner_name) = current_user);", 0),
    ("grant-to-public", TABLE + "GRANT INSERT ON t TO PUBLIC; REVOKE ALL ON t FROM PUBLIC;", 0),
    ("grant-to-public", TABLE + "GRANT SELECT ON t TO PUBLIC;", 0),
    ("grant-to-public", TABLE + "GRANT UPDATE ON ALL TABLES IN SCHEMA public TO PUBLIC;", 1),
    ("grant-to-public", TABLE + 'GRANT INSERT ON t TO "PUBLIC";', 0),
    (
        "grant-to-public",
        "GRANT USAGE ON SCHEMA public TO PUBLIC; GRANT EXECUTE ON FUNCTION f() TO PUBLIC;",
        0,
    ),
    ("grant-to-public", "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO PUBLIC;", 1),
    ("grant-all", TABLE + "GRANT ALL ON t TO a; GRANT ALL ON FUNCTION f() TO a; GRANT SELECT ON t TO a;", 1),
    ("public-schema-create", "GRANT ALL ON SCHEMA public TO migrator;", 0),
    ("public-schema-create", "GRANT ALL ON SCHEMA public TO PUBLIC;", 1),
    (
        "public-schema-create",
        "GRANT ALL ON SCHEMA public TO PUBLIC; REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        0,
    ),
    ("public-schema-create", "GRANT CREATE ON SCHEMA app TO PUBLIC;", 0),
    ("superuser-role", "DO $$ BEGIN CREATE ROLE a SUPERUSER; END $$; ALTER ROLE b BYPASSRLS;", 2),
    ("superuser-role", "CREATE ROLE a NOSUPERUSER NOBYPASSRLS CREATEROLE; ALTER ROLE a SET work_mem = 1;", 0),
    ("hardcoded-secret", "CREATE ROLE a PASSWORD NULL; CREATE USER b PASSWORD '${PASSWORD}';", 0),
    ("hardcoded-secret", "ALTER ROLE a PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5';", 0),
    ("hardcoded-secret", "ALTER ROLE a PASSWORD 'md5a3556571e93b0d20722ba62be61e8c2d';", 1),
    ("hardcoded-secret", "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 'b');", 1),
    ("hardcoded-secret", "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a');", 0),
    ("hardcoded-secret", "SELECT * FROM dblink('host=h password=geheim', 'SELECT 1') AS t (x int);", 1),
    ("hardcoded-secret", "DO $$ BEGIN CREATE ROLE a PASSWORD 'b'; END $$;", 1),
    ("function-public-execute", f"{F} AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM PUBLIC;", 0),
    (
        "function-public-execute",
        f"{F} AS 'SELECT 1'; REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;",
        0,
    ),
    (
        "function-public-execute",
        f"ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC; {F} AS 'SELECT 1';",
        0,
    ),
    ("function-public-execute", f"{F} AS 'SELECT 1'; REVOKE ALL ON FUNCTION f FROM x;", 1),
    (
        "security-definer-without-search-path",
        f"{F} AS 'SELECT 1'; ALTER FUNCTION f() SET search_path = '';",
        0,
    ),
    ("security-definer-without-search-path", f"{F} AS 'SELECT 1'; ALTER FUNCTION f() SECURITY INVOKER;", 0),
    ("security-definer-without-search-path", f"{F} RETURN 1;", 0),
    ("security-definer-without-search-path", f"{F} SET work_mem = '1MB' AS 'SELECT 1';", 1),
    (
        "security-definer-without-search-path",
        "CREATE PROCEDURE p() LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN COMMIT; END $$;",
        0,
    ),
    ("security-definer-unsafe-search-path", f"{F} SET search_path = '' AS 'SELECT 1';", 0),
    ("security-definer-unsafe-search-path", f"{F} SET search_path TO pg_catalog AS 'SELECT 1';", 0),
    ("security-definer-unsafe-search-path", f"{F} SET search_path TO app, pg_temp AS 'SELECT 1';", 0),
    ("security-definer-unsafe-search-path", f"{F} SET search_path TO app AS 'SELECT 1';", 1),
    ("security-definer-unsafe-search-path", f"{F} SET search_path TO pg_temp, app AS 'SELECT 1';", 1),
    ("security-definer-unsafe-search-path", f"{F} SET search_path TO \"$user\", pg_temp AS 'SELECT 1';", 1),
    ("security-definer-unsafe-search-path", f"{F} SET search_path FROM CURRENT AS 'SELECT 1';", 0),
    (
        "sensitive-column-plaintext",
        "CREATE TABLE u (password text); COMMENT ON COLUMN u.password IS 'bcrypt hash';",
        0,
    ),
    (
        "sensitive-column-plaintext",
        "CREATE TABLE u (password_hash text, password_reset_at date, secret bytea);",
        0,
    ),
    (
        "sensitive-column-plaintext",
        'CREATE TABLE u ("Password" varchar(40), client_secret text, cvv text);',
        1,
    ),
    (
        "sensitive-column-plaintext",
        "CREATE TABLE u (secretary text, passwordless text, has_password text);",
        0,
    ),
    ("extension-in-public", "CREATE EXTENSION pg_trgm; CREATE EXTENSION citext SCHEMA ext;", 0),
]


@pytest.mark.parametrize(("name", "sql", "found"), CASES)
def test_security(name: str, sql: str, found: int) -> None:
    assert len(check_texts(RULES[name], sql, "version: 1")) == found


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("grant-to-public", TABLE + "GRANT SELECT ON t TO PUBLIC;"),
        ("policy-always-true", RLS + "CREATE POLICY p ON t FOR SELECT USING (true);"),
    ],
)
def test_reads_are_reported_under_strict(name: str, sql: str) -> None:
    assert len(check_texts(RULES[name], sql, "lint: {preset: strict}")) == 1


def test_a_secret_is_never_repeated() -> None:
    (finding,) = check_texts(RULES["hardcoded-secret"], "CREATE ROLE é PASSWORD 'geheim';")
    assert "geheim" not in finding.message + finding.help
    assert finding.object == "é"


def test_names_that_often_hold_hashes_are_for_the_strict() -> None:
    sql = 'CREATE TABLE u ("Password" varchar(40), client_secret text, cvv text);'
    assert len(check_texts(RULES["sensitive-column-plaintext"], sql, "lint: {preset: strict}")) == 3
