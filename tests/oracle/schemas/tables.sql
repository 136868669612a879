-- Inheritance, partitions, LIKE, generated and identity columns, every kind of constraint.
CREATE SCHEMA app;
CREATE SCHEMA "Mixed Case";

CREATE TYPE app.mood AS ENUM ('low', 'high');
CREATE DOMAIN app.positive AS integer NOT NULL DEFAULT 1 CHECK (VALUE > 0);
CREATE FUNCTION app.next_code() RETURNS text LANGUAGE sql AS $$ SELECT 'c' $$;
CREATE FUNCTION app.is_fine(amount numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT amount > 0 $$;

CREATE TABLE app.parent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL DEFAULT app.next_code(),
    mood app.mood,
    amount numeric(12, 2) CHECK (app.is_fine(amount)),
    CONSTRAINT loud CHECK (amount < 1000) NO INHERIT
);
COMMENT ON TABLE app.parent IS 'The parent';
COMMENT ON COLUMN app.parent.code IS 'A code';
CREATE TABLE app.child (extra app.positive, mood app.mood NOT NULL) INHERITS (app.parent);
CREATE TABLE app.grandchild () INHERITS (app.child);
ALTER TABLE app.parent ADD COLUMN noted_at timestamptz(3) DEFAULT now();
ALTER TABLE app.child ALTER COLUMN code SET DEFAULT 'x';
ALTER TABLE ONLY app.parent ALTER COLUMN code DROP DEFAULT;

CREATE TABLE app.likeness (LIKE app.parent INCLUDING ALL);
CREATE TABLE app.bare_likeness (LIKE app.parent, own integer);

CREATE TABLE app.event (
    id bigint NOT NULL,
    day date NOT NULL,
    parent_id bigint REFERENCES app.parent ON DELETE CASCADE,
    mood app.mood DEFAULT 'low',
    PRIMARY KEY (id, day),
    CONSTRAINT sane CHECK (id > 0)
) PARTITION BY RANGE (day);
CREATE INDEX ON app.event (mood);
CREATE TABLE app.event_2025 PARTITION OF app.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.event_2026 PARTITION OF app.event (mood DEFAULT 'high')
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
CREATE TABLE app.event_2026_0 PARTITION OF app.event_2026 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE app.event_rest PARTITION OF app.event DEFAULT;
CREATE UNIQUE INDEX event_once ON app.event (day, id);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE INSERT OR UPDATE OF mood ON app.event FOR EACH ROW WHEN (NEW.mood = 'low') EXECUTE FUNCTION app.touch();
CREATE TRIGGER counted AFTER INSERT ON app.event FOR EACH STATEMENT EXECUTE FUNCTION app.touch();

CREATE TABLE app.attached (id bigint NOT NULL, day date NOT NULL, parent_id bigint, mood app.mood, CONSTRAINT sane CHECK (id > 0));
ALTER TABLE app.event DETACH PARTITION app.event_2025;
ALTER TABLE app.event ATTACH PARTITION app.attached FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

CREATE TABLE app.booking (
    room integer,
    during tstzrange,
    width integer GENERATED ALWAYS AS (room * 2) STORED,
    parent bigint,
    code text COLLATE "C" UNIQUE,
    EXCLUDE USING gist (during WITH &&) WHERE (room IS NOT NULL),
    UNIQUE NULLS NOT DISTINCT (room, during) INCLUDE (width) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (parent) REFERENCES app.parent (id) MATCH FULL ON UPDATE SET NULL DEFERRABLE,
    CHECK (room > 0), CHECK (width > 0), CHECK (room < width)
);
ALTER TABLE app.booking ADD CONSTRAINT later CHECK (room <> 13) NOT VALID;
CREATE INDEX ON app.booking (lower(code), upper(code), room DESC) INCLUDE (width) WHERE parent IS NOT NULL;
CREATE INDEX a_hash ON app.booking USING hash (code);
CREATE UNIQUE INDEX only_here ON app.booking (parent);
ALTER TABLE app.booking ADD CONSTRAINT from_index UNIQUE USING INDEX only_here;

CREATE TABLE app.counted (id serial PRIMARY KEY, big bigserial, small smallserial);
CREATE SEQUENCE app.tickets AS integer OWNED BY app.counted.big;
CREATE SEQUENCE app.loose;
CREATE TABLE app.ticketed (
    number bigint DEFAULT nextval('app.loose') NOT NULL,
    other bigint DEFAULT nextval('app.tickets'::regclass),
    kind "char", exact character(3), loose bpchar, vary varchar(10)[], clock time(2) with time zone,
    price numeric(8), lasting interval hour to minute, bits bit(4), name name, list integer[][]
);
CREATE TABLE "Mixed Case"."Order Line" ("Id" integer PRIMARY KEY, "Order" bigint REFERENCES app.parent);
CREATE TABLE a_table_with_a_name_that_is_long_enough_to_be_cut_somewhere (
    a_column_with_a_name_that_is_just_as_long_as_the_table_itself_is integer UNIQUE REFERENCES app.counted
);
CREATE INDEX ON a_table_with_a_name_that_is_long_enough_to_be_cut_somewhere (a_column_with_a_name_that_is_just_as_long_as_the_table_itself_is);
CREATE TABLE app.of_type_source (id integer);
CREATE TYPE app.shape AS (x integer, y app.mood);
CREATE TABLE app.shaped OF app.shape (x WITH OPTIONS PRIMARY KEY);
CREATE TABLE app.rows (line app.shape, lines app.shape[], whole app.counted);
ALTER TABLE app.parent ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.parent FORCE ROW LEVEL SECURITY;
ALTER TABLE app.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.parent FOR SELECT TO PUBLIC USING (mood = 'low' AND id IN (SELECT parent_id FROM app.event WHERE mood = 'high'));
CREATE POLICY theirs ON app.child AS RESTRICTIVE FOR INSERT WITH CHECK (app.is_fine(amount));
ALTER POLICY mine ON app.parent USING (app.is_fine(amount));
CREATE STATISTICS app.together (dependencies) ON room, parent FROM app.booking;
