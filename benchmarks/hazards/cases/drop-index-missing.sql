-- hazard: drop-index-non-concurrent
-- label: harmless
-- twin: drop-index
-- postgres: 13..18
-- runner: file
-- why: there is no such index: nothing is locked
-- proof: lock orders none
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DROP INDEX IF EXISTS orders_note;
