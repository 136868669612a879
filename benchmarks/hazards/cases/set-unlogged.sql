-- hazard: set-logged-unlogged
-- label: harmful
-- twin: set-autovacuum-threshold
-- postgres: 13..18
-- runner: file
-- why: the table is written anew, and emptied by a crash
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders SET UNLOGGED;
