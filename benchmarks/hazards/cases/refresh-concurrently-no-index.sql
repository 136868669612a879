-- hazard: refresh-matview-concurrently-without-unique-index
-- label: harmful
-- twin: refresh-concurrently-index-before
-- postgres: 13..18
-- runner: file
-- why: CONCURRENTLY needs a unique index over all rows
-- proof: error 55000
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
CREATE INDEX totals_customer ON totals (customer_id);
-- change:
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
