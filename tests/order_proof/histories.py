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
    "migrations that call a function of their own": (
        "CREATE FUNCTION init() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'version') THEN EXECUTE 'CREATE TABLE version (n int)'; EXECUTE 'INSERT INTO version VALUES (0)'; END IF; END $$; SELECT init(); DROP FUNCTION init();",
        "CREATE FUNCTION migrate() RETURNS void LANGUAGE plpgsql AS $$ DECLARE next int; BEGIN SELECT n + 1 INTO next FROM version; IF next = 1 THEN EXECUTE 'CREATE TABLE block (id int)'; UPDATE version SET n = next; END IF; END $$; SELECT migrate(); DROP FUNCTION migrate();",
        "CREATE FUNCTION migrate() RETURNS void LANGUAGE plpgsql AS $$ DECLARE next int; BEGIN SELECT n + 1 INTO next FROM version; IF next = 2 THEN EXECUTE 'CREATE TABLE slot (id int)'; UPDATE version SET n = next; END IF; END $$; SELECT migrate(); DROP FUNCTION migrate();",
        "CREATE FUNCTION migrate() RETURNS void LANGUAGE plpgsql AS $$ DECLARE next int; BEGIN SELECT n + 1 INTO next FROM version; IF next = 3 THEN EXECUTE 'ALTER TABLE block ADD COLUMN slot int'; UPDATE version SET n = next; END IF; END $$; SELECT migrate(); DROP FUNCTION migrate();",
        "CREATE INDEX block_slot ON block (slot); CREATE INDEX slot_id ON slot (id);",
    ),
    "a block that catches everything": (
        "CREATE TABLE collab (id int PRIMARY KEY);",
        "DO $$ BEGIN CREATE TABLE vectors (collab int REFERENCES collab); EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'not here'; END $$;",
        "ALTER TABLE vectors ADD COLUMN size int;",
        "CREATE INDEX ON vectors (size);",
    ),
    "a function whose row changes": (
        "CREATE FUNCTION report() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION report() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT 2';",
        "DROP FUNCTION report();",
        "CREATE OR REPLACE FUNCTION report() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT 1, 2';",
        "CREATE VIEW reported AS SELECT b FROM report();",
    ),
    "a table made again between two triggers of one name": (
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;",
        "CREATE TABLE lot (id int);",
        "CREATE TRIGGER stamp BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION stamp();",
        "DROP TABLE lot; CREATE TABLE lot (id int, grade int);",
        "CREATE TRIGGER stamp BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION stamp(); COMMENT ON COLUMN lot.grade IS 'x';",
        "DROP TRIGGER stamp ON lot; DROP FUNCTION stamp();",
    ),
    "a table that stops being partitioned": (
        "CREATE TABLE task (id int, state text, queue text) PARTITION BY LIST (state);",
        "CREATE INDEX task_queue ON task (queue, id);",
        "CREATE TABLE new_task (LIKE task INCLUDING ALL); ALTER TABLE task RENAME TO old_task; ALTER TABLE new_task RENAME TO task; ALTER INDEX new_task_queue_id_idx RENAME TO task_queue_new; DROP TABLE old_task;",
        "ALTER TABLE task SET (fillfactor = 60);",
        "ALTER TABLE task ADD PRIMARY KEY (id);",
        "ALTER TABLE task DROP CONSTRAINT task_pkey; ALTER TABLE task ADD PRIMARY KEY (id, queue);",
        "ALTER TABLE task ALTER COLUMN id DROP IDENTITY IF EXISTS, DROP CONSTRAINT task_pkey, ALTER COLUMN queue DROP NOT NULL;",
    ),
    "a key that is another one later": (
        "CREATE TABLE client (id text, pk int);",
        "ALTER TABLE client ADD CONSTRAINT client_pkey PRIMARY KEY (id);",
        "CREATE TABLE logout (client_id text); ALTER TABLE logout ADD CONSTRAINT logout_client_fk FOREIGN KEY (client_id) REFERENCES client (id);",
        "ALTER TABLE logout DROP CONSTRAINT logout_client_fk;",
        "ALTER TABLE client DROP CONSTRAINT client_pkey; ALTER TABLE client ADD CONSTRAINT client_pkey PRIMARY KEY (pk);",
        "ALTER TABLE logout ADD COLUMN client_pk int; ALTER TABLE logout ADD CONSTRAINT logout_client_fk FOREIGN KEY (client_pk) REFERENCES client (pk);",
    ),
    "keys over indexes": (
        "CREATE TABLE judge (id int NOT NULL, name text);",
        "CREATE UNIQUE INDEX judge_pk ON judge (id); ALTER TABLE judge ADD PRIMARY KEY USING INDEX judge_pk;",
        "CREATE TABLE hearing (judge int REFERENCES judge (id)); INSERT INTO judge VALUES (1, 'a'), (2, 'b');",
        "ALTER TABLE hearing DROP CONSTRAINT hearing_judge_fkey; ALTER TABLE judge DROP CONSTRAINT judge_pk;",
        "CREATE TABLE reply (id int, to_id int REFERENCES reply (id), PRIMARY KEY (id));",
    ),
    "calls that only some types allow": (
        "CREATE FUNCTION iif(boolean, int, int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';",
        "CREATE TABLE metric (votes int, report varchar(100), tags text, steps int);",
        "CREATE VIEW counted AS SELECT iif(true, votes, 0) AS votes FROM metric;",
        "CREATE FUNCTION iif(boolean, float8, float8) RETURNS float8 LANGUAGE sql AS 'SELECT CASE WHEN $1 THEN $2 ELSE $3 END';",
        "CREATE VIEW shares AS SELECT iif(true, votes, 0.5::float8) AS share FROM metric;",
        "ALTER TABLE metric ALTER COLUMN report TYPE jsonb USING report::jsonb;",
        "UPDATE metric SET steps = 1 WHERE jsonb_array_length(report -> 'steps') = 1;",
        "ALTER TABLE metric ALTER COLUMN tags TYPE text[] USING ARRAY[tags];",
        "UPDATE metric SET tags = '{}' WHERE tags IS NULL;",
    ),
    "labels that come late": (
        "CREATE TYPE kind AS ENUM ('a'); CREATE TABLE item (kind kind, slug text);",
        "ALTER TYPE kind ADD VALUE 'sticker';",
        "CREATE UNIQUE INDEX item_slug ON item (slug) WHERE kind = 'sticker';",
        "CREATE VIEW stickers AS SELECT slug FROM item WHERE kind IN ('a', 'sticker');",
        "ALTER TABLE item ADD CHECK (kind <> 'sticker' OR slug IS NOT NULL);",
        "CREATE FUNCTION is_sticker(k kind) RETURNS boolean LANGUAGE sql AS $$ SELECT CASE k WHEN 'sticker' THEN true ELSE false END $$;",
        "ALTER TABLE item ADD COLUMN kinds kind[];",
        "UPDATE item SET kinds = array_append(kinds, 'sticker') WHERE 'a' = ANY (kinds);",
    ),
    "a sequence that another table uses": (
        "CREATE TABLE part (id serial, name text);",
        "CREATE TABLE copy_of (LIKE part INCLUDING DEFAULTS);",
        "DROP TABLE copy_of;",
        "ALTER TABLE part DROP COLUMN id;",
    ),
    "rows that blocks loop over": (
        "CREATE TABLE tenants (slug text);",
        "CREATE SCHEMA app; CREATE TABLE app.events (id int);",
        "DO $$ DECLARE s text; BEGIN FOR s IN SELECT slug FROM tenants LOOP EXECUTE format('ALTER TABLE %I.events ADD COLUMN note text', s); END LOOP; END $$;",
        "DO $$ DECLARE s text; BEGIN FOR s IN SELECT slug FROM tenants LOOP EXECUTE format('CREATE TABLE %I.more (id int)', s); END LOOP; END $$;",
        "INSERT INTO tenants VALUES ('no-such-schema');",
    ),
    "functions in indexes": (
        "CREATE TABLE post (at timestamptz);",
        "CREATE FUNCTION turned(t timestamptz) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION turned(t timestamptz) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';",
        "CREATE INDEX post_turned ON post (turned(at));",
    ),
    "functions that are dropped by their names": (
        "CREATE FUNCTION place(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION place(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "DROP FUNCTION place(a int, b int);",
        "DROP FUNCTION place;",
    ),
    "a branch that raises": (
        "CREATE TABLE setting (name text PRIMARY KEY, value text);",
        "INSERT INTO setting VALUES ('modules', 'no'), ('first', 'yes');",
        (
            "DO $$ BEGIN IF pg_catalog.to_regclass('no_such_table') IS NULL THEN UPDATE setting SET value = 'yes' WHERE name = 'modules';"
            " ELSE RAISE EXCEPTION 'no'; END IF; END $$;"
        ),
        "DO $$ BEGIN CASE WHEN true THEN DELETE FROM setting WHERE name = 'first'; END CASE; END $$;",
        "DROP TABLE setting;",
    ),
    "a sequence that goes with its table": (
        "CREATE TABLE note (id serial PRIMARY KEY, text text);",
        "CREATE SEQUENCE other_seq;",
        "COMMENT ON SEQUENCE note_id_seq IS 'inherited'; COMMENT ON SEQUENCE other_seq IS 'not';",
        "DROP TABLE note;",
    ),
    "an index that goes with its table": (
        "CREATE TABLE visit (id int PRIMARY KEY, day date);",
        "CREATE INDEX visit_day ON visit (day);",
        "CREATE SCHEMA archive; CREATE TABLE archive.visit_count (n int);",
        "INSERT INTO archive.visit_count VALUES (1); ALTER INDEX visit_day RENAME TO visit_by_day;",
        "DROP TABLE visit;",
    ),
    "columns that a called function reads": (
        "CREATE TABLE account (id int PRIMARY KEY, language text);",
        (
            "CREATE FUNCTION pg_temp.report() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT a.language FROM account a; END $$;"
            " CREATE TABLE reported AS SELECT * FROM pg_temp.report();"
        ),
        "ALTER TABLE account DROP COLUMN language;",
        "ALTER TABLE account ADD COLUMN locale text;",
        "ALTER TABLE reported ADD COLUMN at date;",
    ),
    "a temporary table in front of another": (
        "CREATE TABLE operator (id int PRIMARY KEY, name text);",
        "CREATE TABLE form (slug text PRIMARY KEY, body jsonb);",
        "CREATE TEMPORARY TABLE operator (body jsonb); INSERT INTO form SELECT 'operator', body FROM operator;",
        "ALTER TABLE operator DROP COLUMN name;",
        "CREATE TABLE other (body jsonb); DROP TABLE other;",
    ),
    "rows that come to have more columns": (
        "CREATE TABLE project (id int PRIMARY KEY, name text);",
        "CREATE FUNCTION changed() RETURNS project LANGUAGE sql AS 'SELECT id + 1 AS id, name FROM project';",
        "ALTER TABLE project ADD COLUMN score int;",
        "CREATE OR REPLACE FUNCTION changed() RETURNS project LANGUAGE sql AS 'SELECT id + 1 AS id, name, 2 AS score FROM project';",
        "ALTER TABLE project ADD COLUMN contract text;",
        "CREATE OR REPLACE FUNCTION changed() RETURNS project LANGUAGE sql AS 'SELECT id + 1 AS id, name, 2 AS score, ''b'' AS contract FROM project';",
    ),
    "conditions that are given to a function": (
        (
            "CREATE FUNCTION upsert_policy(policy text, relation text, condition text) RETURNS void LANGUAGE plpgsql AS $$"
            " DECLARE start text; BEGIN IF (SELECT true FROM pg_policies WHERE policyname = policy) THEN start := 'alter policy ' || policy || ' on ' || relation;"
            " ELSE start := 'create policy ' || policy || ' on ' || relation || ' for select'; END IF;"
            " EXECUTE start || ' using (' || condition || ')'; END $$;"
        ),
        "CREATE TABLE member (id int PRIMARY KEY, uuid text);",
        "DO $$ BEGIN PERFORM upsert_policy('own', 'member', 'uuid = current_user'); END $$;",
        "ALTER TABLE member RENAME COLUMN uuid TO sub;",
        "DO $$ BEGIN PERFORM upsert_policy('other', 'member', 'sub = current_user'); END $$;",
    ),
    "statements that a function puts together": (
        "CREATE TABLE shipment (id serial PRIMARY KEY, place text);",
        "CREATE TABLE preference (name text PRIMARY KEY);",
        "ALTER TABLE preference DROP CONSTRAINT preference_pkey, ADD COLUMN id serial PRIMARY KEY;",
        (
            "CREATE FUNCTION to_identity(relation text, part text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE named text = format('%s_%s_seq', relation, part);"
            " BEGIN EXECUTE format('alter table %I alter column %I drop default', relation, part); EXECUTE format('drop sequence %s', named);"
            " EXECUTE format('alter table %I alter column %I add generated by default as identity', relation, part); END $$;"
            " SELECT to_identity(relation := 'shipment', part := 'id'); SELECT to_identity('preference', 'id'); DROP FUNCTION to_identity;"
        ),
        "COMMENT ON SEQUENCE preference_id_seq IS 'of identity';",
        "DROP TABLE shipment;",
    ),
    "types of variables": (
        "CREATE TABLE tenant (id int PRIMARY KEY, name text);",
        "CREATE TABLE group_of (id int PRIMARY KEY);",
        "CREATE FUNCTION register() RETURNS void LANGUAGE plpgsql AS $$ DECLARE wanted tenant.name%TYPE; row group_of%ROWTYPE; BEGIN wanted := 'a'; END $$;",
        "CREATE VIEW groups AS SELECT id FROM group_of;",
        "DROP VIEW groups;",
    ),
    "a key that makes room for another": (
        "CREATE TABLE entity (id int CONSTRAINT entity_id UNIQUE, code text, class int, CONSTRAINT entity_pkey PRIMARY KEY (code, class));",
        "CREATE TABLE invoice (id int PRIMARY KEY, entity_id int CONSTRAINT invoice_entity REFERENCES entity (id));",
        (
            "ALTER TABLE entity DROP CONSTRAINT entity_pkey; ALTER TABLE invoice DROP CONSTRAINT invoice_entity; ALTER TABLE entity DROP CONSTRAINT entity_id;"
            " ALTER TABLE entity ADD CONSTRAINT entity_pkey PRIMARY KEY (id); ALTER TABLE invoice ADD CONSTRAINT invoice_entity FOREIGN KEY (entity_id) REFERENCES entity (id);"
        ),
        "CREATE TABLE robot (id int, entity_id int CONSTRAINT robot_entity REFERENCES entity (id));",
        "ALTER TABLE robot ADD COLUMN name text;",
        "ALTER TABLE entity DROP COLUMN class;",
    ),
}

__all__ = ["HISTORIES"]
