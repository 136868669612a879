-- hazard: disable-autovacuum
-- label: harmless
-- twin: autovacuum-off
-- postgres: 13..18
-- runner: file
-- why: autovacuum is switched on, and tuned
-- proof: after (SELECT 'autovacuum_enabled=true' = ANY (reloptions) FROM pg_class WHERE relname = 'orders')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET (autovacuum_enabled = true, autovacuum_analyze_scale_factor = 0.01);
