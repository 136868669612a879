-- hazard: drop-index-removes-guarantee
-- label: harmful
-- twin: drop-unique-index-replaced
-- postgres: 13..18
-- runner: none
-- why: from now on duplicates are taken
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX orders_code ON orders (code);
-- change:
DROP INDEX CONCURRENTLY orders_code;
-- then:
INSERT INTO orders (id, code) VALUES (2001, 'c1');
