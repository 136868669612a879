-- hazard: enable-disable-trigger
-- label: harmless
-- twin: disable-trigger-all
-- postgres: 13..18
-- runner: file
-- why: the table is new and nobody writes to it yet
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, code text);
CREATE TRIGGER parcels_stamp BEFORE INSERT ON parcels FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE parcels DISABLE TRIGGER parcels_stamp;
INSERT INTO parcels VALUES (1, 'a');
ALTER TABLE parcels ENABLE TRIGGER parcels_stamp;
