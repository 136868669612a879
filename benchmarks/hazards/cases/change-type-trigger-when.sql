-- hazard: change-column-used-by-view
-- label: harmful
-- twin: change-type-view-other
-- postgres: 13..18
-- runner: file
-- why: the WHEN of a trigger uses the column
-- proof: error 0A000
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_stamp BEFORE UPDATE ON orders FOR EACH ROW WHEN (old.code IS DISTINCT FROM new.code) EXECUTE FUNCTION stamp();
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(60);
