-- hazard: invalid-index-retry
-- label: harmful
-- twin: index-retry-dropped-first
-- postgres: 13..18
-- runner: none
-- why: a failed build left an invalid index under the name; IF NOT EXISTS takes it for done
-- proof: after NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_code'::regclass)
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_code ON orders (code);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_code'::regclass;
-- change:
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_code ON orders (code);
