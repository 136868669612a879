-- hazard: drop-index-backing-constraint
-- label: harmful
-- twin: drop-plain-index
-- postgres: 13..18
-- runner: none
-- why: the index belongs to a constraint
-- proof: error 2BP01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code);
-- change:
DROP INDEX CONCURRENTLY orders_code;
