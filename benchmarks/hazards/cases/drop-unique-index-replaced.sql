-- hazard: drop-index-removes-guarantee
-- label: harmless
-- twin: drop-unique-index
-- postgres: 13..18
-- runner: none
-- why: another unique index over the same column was built before
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX orders_code ON orders (code);
-- change:
CREATE UNIQUE INDEX CONCURRENTLY orders_code_new ON orders (code);
DROP INDEX CONCURRENTLY orders_code;
-- then:
INSERT INTO orders (id, code) VALUES (2001, 'c1') ON CONFLICT (code) DO NOTHING;
