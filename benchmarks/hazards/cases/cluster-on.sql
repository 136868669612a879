-- hazard: cluster-table
-- label: harmless
-- twin: cluster
-- postgres: 13..18
-- runner: file
-- why: it is only noted by which index to cluster
-- proof: no-rewrite orders
-- proof: lock orders SHARE UPDATE EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders CLUSTER ON orders_pkey;
