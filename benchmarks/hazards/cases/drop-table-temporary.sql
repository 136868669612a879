-- hazard: drop-table
-- label: harmless
-- twin: drop-table
-- postgres: 13..18
-- runner: file
-- why: the table is a temporary one
-- proof: kept EXISTS (SELECT FROM pg_class WHERE relname = 'orders')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TEMPORARY TABLE picked ON COMMIT DROP AS SELECT id FROM orders LIMIT 5;
DROP TABLE picked;
