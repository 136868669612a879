-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: create-index-concurrently
-- postgres: 13..18
-- runner: file
-- why: writers wait while the index is built
-- proof: scan-blocks-writes orders
-- proof: lock orders SHARE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE INDEX orders_note ON orders (note);
