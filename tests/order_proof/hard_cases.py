"""Small trees, each with one thing that makes an order hard; the files stand in an order that builds."""

CASES: dict[str, tuple[str, ...]] = {
    "sql body needs its table": (
        "CREATE TABLE t (id int);",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';",
        "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT f() + 1';",
    ),
    "standard body": (
        "CREATE TABLE t (id int, a text);",
        "CREATE FUNCTION f(x int) RETURNS text BEGIN ATOMIC SELECT a FROM t WHERE id = x; END;",
        "CREATE FUNCTION g(x int) RETURNS text RETURN upper(f(x));",
    ),
    "views over functions over types": (
        "CREATE TYPE state AS ENUM ('new', 'old');",
        "CREATE TYPE pair AS (a state, b int);",
        "CREATE FUNCTION p() RETURNS pair LANGUAGE sql AS 'SELECT ROW(''new'', 1)::public.pair';",
        "CREATE TABLE t (id int DEFAULT (p()).b, s state);",
        "CREATE VIEW v AS SELECT s, (p()).b FROM t;",
        "CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM v;",
        "CREATE UNIQUE INDEX m_i ON m (count);",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY m;",
    ),
    "variables of user types": (
        "CREATE SCHEMA app;",
        "CREATE TYPE app.level AS ENUM ('low');",
        "CREATE TABLE app.t (id int, l app.level);",
        "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$ DECLARE x app.level; r app.t; i app.t.id%TYPE; BEGIN x := 'low'; END $$;",
        "CREATE FUNCTION app.g(r app.t) RETURNS app.level LANGUAGE plpgsql AS $$ BEGIN RETURN r.l; END $$;",
    ),
    "triggers": (
        "CREATE TABLE t (id int, at timestamptz);",
        "CREATE TABLE log (id int);",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;",
        "CREATE TRIGGER note AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();",
        "INSERT INTO t VALUES (1, now());",
        "COMMENT ON TRIGGER note ON t IS 'x';",
        "ALTER TABLE t DISABLE TRIGGER note;",
    ),
    "foreign keys in a circle, closed by ALTER": (
        "CREATE TABLE a (id int PRIMARY KEY, b int);",
        "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);",
        "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b;",
        "ALTER TABLE a VALIDATE CONSTRAINT a_b;",
    ),
    "keys in files of their own": (
        "CREATE TABLE parent (id int, code text);",
        "CREATE TABLE child (id int, parent int);",
        "ALTER TABLE parent ADD CONSTRAINT parent_pk PRIMARY KEY (id);",
        "CREATE UNIQUE INDEX parent_code ON parent (code);",
        "ALTER TABLE child ADD CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent (id);",
        "INSERT INTO parent VALUES (1, 'a') ON CONFLICT (code) DO NOTHING;",
        "INSERT INTO child VALUES (1, 1);",
    ),
    "chains of CREATE TABLE AS": (
        "CREATE TABLE one AS SELECT 1 AS n;",
        "CREATE TABLE two AS SELECT n + 1 AS n FROM one;",
        "CREATE TABLE three AS SELECT n * 2 AS m FROM two JOIN one USING (n);",
        "CREATE INDEX three_m ON three (m);",
    ),
    "seeds in the order of foreign keys": (
        "CREATE TABLE country (code text PRIMARY KEY);",
        "CREATE TABLE town (name text, country text NOT NULL REFERENCES country);",
        "INSERT INTO country VALUES ('fr');",
        "INSERT INTO town VALUES ('Lyon', 'fr');",
    ),
    "roles, grants, policies, owners": (
        "CREATE ROLE proof_reader; CREATE ROLE proof_owner;",
        "CREATE SCHEMA app;",
        "GRANT USAGE ON SCHEMA app TO proof_reader;",
        "CREATE TABLE app.t (id int, who text);",
        "CREATE FUNCTION app.me() RETURNS text LANGUAGE sql AS 'SELECT current_user::text';",
        "ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;",
        "CREATE POLICY own ON app.t TO proof_reader USING (who = app.me());",
        "ALTER POLICY own ON app.t USING (who = current_user);",
        "GRANT SELECT ON app.t TO proof_reader;",
        "ALTER TABLE app.t OWNER TO proof_owner;",
        "ALTER FUNCTION app.me() OWNER TO proof_owner;",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO proof_reader;",
        "COMMENT ON POLICY own ON app.t IS 'x';",
    ),
    "comments on everything": (
        "CREATE SCHEMA s;",
        "CREATE TABLE s.t (id int CONSTRAINT positive CHECK (id > 0));",
        "CREATE VIEW s.v AS SELECT id FROM s.t;",
        "CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';",
        "CREATE TYPE s.e AS ENUM ('a');",
        "CREATE INDEX i ON s.t (id);",
        "COMMENT ON SCHEMA s IS 'x';",
        "COMMENT ON TABLE s.t IS 'x';",
        "COMMENT ON COLUMN s.v.id IS 'x';",
        "COMMENT ON FUNCTION s.f(int) IS 'x';",
        "COMMENT ON TYPE s.e IS 'x';",
        "COMMENT ON INDEX s.i IS 'x';",
        "COMMENT ON CONSTRAINT positive ON s.t IS 'x';",
    ),
    "columns that other files add": (
        "CREATE TABLE t (id int PRIMARY KEY);",
        "ALTER TABLE t ADD COLUMN a text;",
        "CREATE INDEX t_a ON t (a);",
        "CREATE VIEW v AS SELECT id, a FROM t;",
        "INSERT INTO t (id, a) VALUES (1, 'x');",
        "COMMENT ON COLUMN t.a IS 'x';",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT max(a) FROM t';",
    ),
    "columns that are renamed": (
        "CREATE TABLE t (id int, old text);",
        "ALTER TABLE t RENAME COLUMN old TO fresh;",
        "CREATE VIEW v AS SELECT fresh FROM t;",
        "CREATE INDEX t_fresh ON t (fresh);",
    ),
    "tables that are renamed": (
        "CREATE TABLE before (id int);",
        "CREATE INDEX i ON before (id);",
        "ALTER TABLE before RENAME TO after;",
        "CREATE VIEW v AS SELECT id FROM after;",
    ),
    "extensions and their schema": (
        "CREATE SCHEMA ext;",
        "CREATE EXTENSION citext SCHEMA ext;",
        "CREATE TABLE t (a ext.citext);",
        "CREATE EXTENSION pg_trgm;",
        "CREATE TABLE u (b text);",
        "CREATE FUNCTION near(a text, b text) RETURNS real LANGUAGE sql AS 'SELECT similarity(a, b)';",
    ),
    "DO blocks": (
        "CREATE TABLE t (id int);",
        "CREATE FUNCTION fill(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit SELECT n; END $$;",
        "CREATE TABLE audit (id int);",
        "DO $$ BEGIN INSERT INTO t VALUES (1); PERFORM fill(2); END $$;",
        "DO $$ BEGIN CREATE TYPE late AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;",
        "CREATE TABLE w (l late);",
    ),
    "search_path": (
        "CREATE SCHEMA app;",
        "SET search_path = app; CREATE TABLE t (id int);",
        "SET search_path = app; CREATE VIEW v AS SELECT id FROM t;",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = app AS 'SELECT count(*) FROM v';",
    ),
    "sequences owned across files": (
        "CREATE SEQUENCE s;",
        "CREATE TABLE t (id int DEFAULT nextval('s'));",
        "ALTER SEQUENCE s OWNED BY t.id;",
        "INSERT INTO t DEFAULT VALUES;",
        "SELECT setval('s', 10);",
    ),
    "partitions and inheritance": (
        "CREATE TABLE p (id int, at date) PARTITION BY RANGE (at);",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (id);",
        "CREATE TABLE p11 PARTITION OF p1 DEFAULT;",
        "CREATE TABLE p2 (id int, at date);",
        "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
        "INSERT INTO p VALUES (1, '2024-05-05');",
        "CREATE TABLE base (id int);",
        "CREATE TABLE derived (x int) INHERITS (base);",
        "CREATE TABLE other (LIKE derived INCLUDING ALL);",
        "CREATE INDEX derived_x ON derived (x);",
    ),
    "operators, classes, aggregates, casts": (
        "CREATE TYPE point2 AS (x int, y int);",
        "CREATE FUNCTION p_lt(point2, point2) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x < ($2).x';",
        "CREATE FUNCTION p_cmp(point2, point2) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x - ($2).x';",
        "CREATE OPERATOR <<< (LEFTARG = point2, RIGHTARG = point2, FUNCTION = p_lt);",
        "CREATE FUNCTION p_text(point2) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x::text';",
        "CREATE CAST (point2 AS text) WITH FUNCTION p_text(point2);",
        "CREATE FUNCTION p_add(int, point2) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + ($2).x';",
        "CREATE AGGREGATE p_sum(point2) (SFUNC = p_add, STYPE = int, INITCOND = '0');",
        "CREATE TABLE t (p point2);",
        "CREATE VIEW v AS SELECT p_sum(p) AS s FROM t;",
        "COMMENT ON AGGREGATE p_sum(point2) IS 'x';",
    ),
    "functions that are replaced": (
        "CREATE TABLE t (id int);",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE VIEW v AS SELECT f() AS n, id FROM t;",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT count(*)::int FROM v';",
    ),
    "domains and checks": (
        "CREATE FUNCTION is_code(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT length($1) = 2';",
        "CREATE DOMAIN code AS text CHECK (is_code(VALUE));",
        "ALTER DOMAIN code ADD CONSTRAINT lower_case CHECK (VALUE = lower(VALUE));",
        "CREATE TABLE t (c code, d text CHECK (is_code(d)), e text GENERATED ALWAYS AS (upper(d)) STORED);",
        "CREATE INDEX t_code ON t ((is_code(d)));",
        "ALTER TABLE t RENAME CONSTRAINT t_d_check TO d_is_code;",
    ),
    "enum values": (
        "CREATE TYPE e AS ENUM ('a');",
        "ALTER TYPE e ADD VALUE 'b';",
        "CREATE TABLE t (x e);",
        "ALTER TYPE e OWNER TO postgres;",
    ),
    "what is dropped goes after what made it": (
        "CREATE TABLE t (id int, a int);",
        "CREATE VIEW v AS SELECT id FROM t;",
        "DROP VIEW v;",
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';",
        "DROP FUNCTION f(int);",
        "ALTER TABLE t DROP COLUMN a;",
    ),
    "a function that puts DDL together": (
        "CREATE SCHEMA app;",
        "CREATE TABLE app.person (id int PRIMARY KEY, key text);",
        (
            "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x text; "
            "BEGIN x := (SELECT max(key) FROM app.person); RETURN new; END $$;"
        ),
        (
            "CREATE FUNCTION app.stamp(s text, t text, who text DEFAULT 'person') RETURNS void LANGUAGE plpgsql AS $$ "
            "DECLARE x text; BEGIN x := concat('alter table ', s, '.', t, ' add by int references ', s, '.', who); "
            "EXECUTE x; EXECUTE format('create trigger touch before insert on %s.%s for each row execute function "
            "app.touch()', s, t); END $$;"
        ),
        "CREATE TABLE app.kind (id int); SELECT app.stamp('app', 'kind'); INSERT INTO app.kind VALUES (1);",
    ),
    "a column is renamed after those who run what names it": (
        "CREATE TABLE person (id int, uuid text);",
        (
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x int; "
            "BEGIN x := (SELECT max(id) FROM person WHERE uuid = 'a'); RETURN new; END $$;"
        ),
        (
            "CREATE TABLE kind (id int); CREATE TRIGGER t BEFORE INSERT ON kind FOR EACH ROW EXECUTE FUNCTION touch(); "
            "INSERT INTO kind VALUES (1);"
        ),
        "ALTER TABLE person RENAME COLUMN uuid TO sub;",
        (
            "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE x int; "
            "BEGIN x := (SELECT max(id) FROM person WHERE sub = 'a'); RETURN new; END $$;"
        ),
    ),
    "a row as the table has it at one time": (
        "CREATE TABLE u (n int);",
        "CREATE TABLE t (id int, a text);",
        "CREATE OR REPLACE FUNCTION f() RETURNS t LANGUAGE sql AS $$ SELECT n AS id, 'x' AS a FROM u $$;",
        "ALTER TABLE t ADD COLUMN b int;",
        "CREATE OR REPLACE FUNCTION f() RETURNS t LANGUAGE sql AS $$ SELECT n AS id, 'x' AS a, 2 AS b FROM u $$;",
    ),
    "a view takes the name of a table": (
        "CREATE TABLE t (id int);",
        "ALTER TABLE t ADD COLUMN a text; CREATE INDEX t_a ON t (a);",
        "DROP TABLE t;",
        "CREATE TABLE u (id int);",
        "CREATE OR REPLACE VIEW t AS SELECT id FROM u;",
    ),
    "columns of the same name": (
        "CREATE TABLE t (id int, n int);",
        "CREATE TABLE u (t_id int, ref int);",
        "CREATE TABLE gone AS SELECT t.id, u.t_id FROM t JOIN u ON u.t_id = t.id;",
        "ALTER TABLE t RENAME COLUMN id TO t_id;",
    ),
    "a signature as text": (
        "CREATE SCHEMA s;",
        "CREATE TABLE s.change (id int);",
        "CREATE FUNCTION s.handle(s.change) RETURNS int LANGUAGE sql AS 'SELECT ($1).id';",
        "CREATE TABLE s.form (handler regprocedure DEFAULT 's.handle(s.change)'::regprocedure);",
    ),
    "rules, statistics, publications": (
        "CREATE TABLE t (id int, a int);",
        "CREATE TABLE gone (id int);",
        "CREATE VIEW v AS SELECT id FROM t;",
        "CREATE RULE del AS ON DELETE TO v DO INSTEAD INSERT INTO gone VALUES (OLD.id);",
        "CREATE STATISTICS st (dependencies) ON id, a FROM t;",
        "COMMENT ON STATISTICS st IS 'x';",
    ),
}

__all__ = ["CASES"]
