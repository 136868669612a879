-- hazard: drop-trigger
-- label: harmless
-- twin: drop-trigger
-- postgres: 13..18
-- runner: file
-- why: a missing trigger is not dropped, and the table of the new one is new
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, note text);
DROP TRIGGER IF EXISTS parcels_stamp ON parcels;
CREATE TRIGGER parcels_stamp BEFORE UPDATE ON parcels FOR EACH ROW EXECUTE FUNCTION stamp();
