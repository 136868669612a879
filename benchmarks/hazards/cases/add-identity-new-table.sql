-- hazard: add-column-identity
-- label: harmless
-- twin: add-identity
-- postgres: 13..18
-- runner: file
-- why: the table is made by the same migration: nobody waits, nothing is in it
-- proof: runs
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (code text PRIMARY KEY);
ALTER TABLE parcels ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
