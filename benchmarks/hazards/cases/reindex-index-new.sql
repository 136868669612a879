-- hazard: non-transactional-statement-in-transaction
-- label: harmless
-- twin: reindex-schema-wrapped
-- postgres: 13..18
-- runner: file
-- why: REINDEX INDEX can run in a transaction, and the table is new
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY);
REINDEX INDEX parcels_pkey;
