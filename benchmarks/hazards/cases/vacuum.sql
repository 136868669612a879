-- hazard: vacuum-full
-- label: harmless
-- twin: vacuum-full
-- postgres: 13..18
-- runner: none
-- why: a plain VACUUM keeps neither readers nor writers out
-- proof: no-rewrite orders
-- proof: queue-lets-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
VACUUM (ANALYZE) orders;
