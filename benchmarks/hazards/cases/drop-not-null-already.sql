-- hazard: drop-not-null
-- label: harmless
-- twin: drop-not-null
-- postgres: 13..18
-- runner: file
-- why: the column may be NULL already
-- proof: kept NOT (SELECT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'code')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;
