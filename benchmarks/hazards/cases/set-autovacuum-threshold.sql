-- hazard: set-logged-unlogged
-- label: harmless
-- twin: set-unlogged
-- postgres: 13..18
-- runner: file
-- why: a storage parameter is catalog work that keeps nobody out
-- proof: no-rewrite orders
-- proof: lock orders SHARE UPDATE EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.02);
