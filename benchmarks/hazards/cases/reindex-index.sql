-- hazard: reindex-non-concurrent
-- label: harmful
-- twin: reindex-options
-- postgres: 13..18
-- runner: file
-- why: writers wait, and readers who use the index
-- proof: lock orders SHARE
-- proof: rewrite orders_pkey
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
REINDEX INDEX orders_pkey;
