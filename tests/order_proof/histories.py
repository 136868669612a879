"""Small histories, in an order that builds, in which the same objects are made, changed, dropped and made again."""

HISTORIES: dict[str, tuple[str, ...]] = {
    "names that nobody wrote": (
        "CREATE TABLE p (id int PRIMARY KEY);",
        "CREATE TABLE c (id int, p int REFERENCES p, CHECK (id > 0));",
        "CREATE INDEX ON c (lower(id::text));",
        "ALTER TABLE c DROP CONSTRAINT c_p_fkey;",
        "DROP INDEX c_lower_idx;",
        "ALTER TABLE c DROP CONSTRAINT c_id_check;",
    ),
    "rows that fire a trigger of a later column": (
        "CREATE TABLE who (id int, name text);",
        "CREATE TABLE t (id int);",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM who WHERE name = 'x'; RETURN NEW; END $$;",
        "CREATE TRIGGER note BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();",
        "INSERT INTO t VALUES (1);",
        "ALTER TABLE who RENAME COLUMN name TO label;",
        "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM who WHERE label = 'x'; RETURN NEW; END $$;",
    ),
    "two schemas that share names": (
        "CREATE SCHEMA a; CREATE SCHEMA b;",
        "CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE TABLE a.t (id int DEFAULT a.f());",
        "CREATE FUNCTION b.f() RETURNS int LANGUAGE sql AS 'SELECT 2';",
        "CREATE TABLE b.t (id int DEFAULT b.f());",
        "ALTER TABLE b.t ALTER COLUMN id DROP DEFAULT;",
        "DROP FUNCTION b.f();",
    ),
    "a schema that belongs to a role": (
        "CREATE ROLE history_owner;",
        "CREATE SCHEMA s AUTHORIZATION history_owner;",
        "CREATE TABLE s.t (id int);",
        "DROP TABLE s.t;",
    ),
    "a table that is made twice": (
        "CREATE TABLE job (id int PRIMARY KEY);",
        "CREATE TABLE alias (id int PRIMARY KEY, job_id int CONSTRAINT alias_job REFERENCES job);",
        "ALTER TABLE alias ADD COLUMN first_only text;",
        "ALTER TABLE alias DROP CONSTRAINT alias_job; DROP TABLE alias;",
        "CREATE TABLE alias (id int PRIMARY KEY, name text, first_only text);",
        "ALTER TABLE alias ADD COLUMN version text;",
        "CREATE INDEX alias_version ON alias (version);",
    ),
    "a name taken over by another table": (
        "CREATE TABLE team (id int PRIMARY KEY, plan text);",
        "ALTER TABLE team DROP COLUMN plan, ADD COLUMN billing jsonb;",
        "ALTER TABLE team RENAME TO organization; ALTER TABLE organization RENAME CONSTRAINT team_pkey TO organization_pkey;",
        "CREATE TABLE team (id int PRIMARY KEY, organization_id int REFERENCES organization);",
        "ALTER TABLE organization ADD COLUMN limits jsonb; UPDATE organization SET billing = limits;",
    ),
    "rows made again under their keys": (
        "CREATE TABLE model (id text PRIMARY KEY, name text NOT NULL, config jsonb NOT NULL);",
        "ALTER TABLE model ALTER COLUMN config DROP NOT NULL;",
        "INSERT INTO model (id, name, config) VALUES ('a', 'one', NULL), ('b', 'two', NULL);",
        "DELETE FROM model WHERE id IN ('a', 'c'); INSERT INTO model (id, name) VALUES ('a', 'one again'), ('c', 'three');",
        "DELETE FROM model WHERE id = 'c'; INSERT INTO model (id, name, config) VALUES ('c', 'more', '{}');",
        "ALTER TABLE model ADD CONSTRAINT model_name UNIQUE (name);",
    ),
    "rows that are looked up": (
        "CREATE TABLE status (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);",
        "INSERT INTO status (name) VALUES ('open'), ('done');",
        (
            "CREATE TABLE step (status_id int NOT NULL REFERENCES status, rank int);"
            " INSERT INTO step VALUES ((SELECT id FROM status WHERE name = 'open'), 1);"
        ),
        "INSERT INTO status (name) VALUES ('late');",
        "INSERT INTO step (status_id, rank) VALUES ((SELECT id FROM status WHERE name = 'late'), 2);",
    ),
    "a view with a star, versions of it, and a type that changes before": (
        "CREATE TABLE event (id int, kind int, cost int);",
        "ALTER TABLE event ALTER COLUMN kind TYPE text;",
        "CREATE VIEW event_view AS SELECT e.*, e.cost * 2 AS total FROM event e;",
        "CREATE OR REPLACE VIEW event_view AS SELECT e.*, e.cost * 3 AS total FROM event e;",
        "DROP VIEW event_view;",
        "ALTER TABLE event ADD COLUMN total int;",
        "DROP TABLE event;",
    ),
    "a DROP IF EXISTS that is not for nothing": (
        "CREATE TABLE plan (id int PRIMARY KEY);",
        "CREATE TABLE IF NOT EXISTS course (course_id int PRIMARY KEY, plan_id int REFERENCES plan);",
        "CREATE TABLE exam (id int PRIMARY KEY, course_id int REFERENCES course);",
        "DROP TABLE IF EXISTS exam CASCADE; DROP TABLE IF EXISTS course CASCADE;",
        "ALTER TABLE plan RENAME TO course; ALTER TABLE course ADD COLUMN label text;",
    ),
    "a referenced column that gets another name": (
        "CREATE TABLE users (user_id bigint PRIMARY KEY);",
        "CREATE TABLE grade (id int PRIMARY KEY);",
        "ALTER TABLE grade ADD COLUMN by bigint REFERENCES users (user_id);",
        "ALTER TABLE users RENAME COLUMN user_id TO id;",
        "CREATE TABLE mail (user_id bigint REFERENCES users (id));",
    ),
    "types that a foreign key compares": (
        "CREATE TABLE site (id uuid PRIMARY KEY);",
        "ALTER TABLE site ALTER COLUMN id TYPE text;",
        "CREATE TABLE domain (id text PRIMARY KEY, site_id text REFERENCES site (id));",
        "ALTER TABLE domain ADD COLUMN note text;",
    ),
    "a block that always runs": (
        "CREATE TABLE queue (id int, deadline timestamptz);",
        (
            "DO $$ DECLARE n int; BEGIN DELETE FROM queue WHERE deadline IS NULL; SELECT count(*) INTO n FROM queue;"
            " IF n > 0 THEN RAISE EXCEPTION 'not empty'; END IF; ALTER TABLE queue ADD COLUMN short text;"
            " CREATE INDEX queue_short ON queue (short); END $$;"
        ),
        "ALTER TABLE queue ALTER COLUMN short SET NOT NULL;",
        "DO $$ DECLARE i record; BEGIN FOR i IN SELECT id FROM queue LOOP RAISE NOTICE 'x'; END LOOP; END $$;",
        "DROP TABLE queue;",
    ),
    "labels that rows and casts need": (
        "CREATE TYPE unit AS ENUM ('token');",
        "CREATE TABLE price (id int PRIMARY KEY, unit unit NOT NULL);",
        "ALTER TYPE unit ADD VALUE 'char';",
        "INSERT INTO price (id, unit) VALUES (1, 'token'), (2, 'char');",
        "UPDATE price SET unit = 'char'::unit WHERE id = 1;",
        "ALTER TYPE unit ADD VALUE 'word' BEFORE 'char';",
        "UPDATE price SET unit = 'token' WHERE unit = 'word';",
    ),
    "an index that is a constraint, renamed": (
        "CREATE TABLE grant_ (name text, who int, CONSTRAINT grant_by_name UNIQUE (name, who));",
        "ALTER INDEX grant_by_name RENAME TO grant_by_name_old; ALTER TABLE grant_ ADD CONSTRAINT grant_by_name UNIQUE (who);",
        "ALTER TABLE grant_ DROP CONSTRAINT grant_by_name_old;",
        "INSERT INTO grant_ VALUES ('a', 1) ON CONFLICT (who) DO NOTHING;",
    ),
    "what was added, dropped and added again": (
        "CREATE TABLE run (id int PRIMARY KEY);",
        "ALTER TABLE run ADD COLUMN output text, ADD COLUMN output_type text;",
        "ALTER TABLE run ALTER COLUMN output_type SET DEFAULT 'json';",
        "CREATE TABLE attempt (id int PRIMARY KEY, output text); ALTER TABLE run DROP COLUMN output, DROP COLUMN output_type;",
        "ALTER TABLE run ADD COLUMN output text;",
        "ALTER TABLE attempt ADD COLUMN run_id int REFERENCES run;",
        "CREATE INDEX run_output ON run (output);",
    ),
    "tables that are dropped after their references": (
        "CREATE TABLE input (id int PRIMARY KEY); CREATE TABLE job (id int PRIMARY KEY);",
        "ALTER TABLE input ADD COLUMN job_id int CONSTRAINT input_job REFERENCES job;",
        "ALTER TABLE input DROP CONSTRAINT IF EXISTS input_job; ALTER TABLE input ADD CONSTRAINT input_job FOREIGN KEY (job_id) REFERENCES job;",
        "DROP TABLE IF EXISTS input;",
        "DROP TABLE IF EXISTS job;",
    ),
}

__all__ = ["HISTORIES"]
