-- hazard: invalid-index-retry
-- label: harmless
-- twin: index-retry
-- postgres: 13..18
-- runner: none
-- why: what a failed build left is dropped before
-- proof: after (SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_code'::regclass)
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DROP INDEX CONCURRENTLY IF EXISTS orders_code;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_code ON orders (code);
