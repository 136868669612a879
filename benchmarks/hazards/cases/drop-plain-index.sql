-- hazard: drop-index-backing-constraint
-- label: harmless
-- twin: drop-backing-index
-- postgres: 13..18
-- runner: none
-- why: the index belongs to no constraint, and another unique one stays
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX orders_code ON orders (code);
CREATE INDEX orders_code_again ON orders (code);
-- change:
DROP INDEX CONCURRENTLY orders_code_again;
