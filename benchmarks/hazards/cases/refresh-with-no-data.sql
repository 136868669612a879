-- hazard: refresh-matview-non-concurrent
-- label: harmful
-- twin: refresh-new-matview
-- postgres: 13..18
-- runner: file
-- why: the view is emptied and cannot be read any more
-- proof: then-error 55000
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
-- change:
REFRESH MATERIALIZED VIEW totals WITH NO DATA;
-- then:
SELECT * FROM totals;
