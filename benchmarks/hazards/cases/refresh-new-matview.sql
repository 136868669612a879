-- hazard: refresh-matview-non-concurrent
-- label: harmless
-- twin: refresh-matview
-- postgres: 13..18
-- runner: file
-- why: the materialized view was made by the same migration
-- proof: lock orders ACCESS SHARE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id WITH NO DATA;
REFRESH MATERIALIZED VIEW totals;
