-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: create-index
-- postgres: 13..18
-- runner: file
-- why: CREATE TABLE AS makes a new table
-- proof: lock orders ACCESS SHARE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE big_orders AS SELECT * FROM orders WHERE qty > 100;
CREATE INDEX big_orders_code ON big_orders (code);
