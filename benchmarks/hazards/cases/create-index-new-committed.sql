-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: create-index-existing-table
-- postgres: 13..18
-- runner: none
-- why: the table was made by the same script in a transaction before: nobody uses it
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
BEGIN;
CREATE TABLE parcels (id bigint PRIMARY KEY, code text);
COMMIT;
CREATE INDEX parcels_code ON parcels (code);
