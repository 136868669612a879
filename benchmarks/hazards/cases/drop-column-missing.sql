-- hazard: drop-column
-- label: harmless
-- twin: drop-column
-- postgres: 13..18
-- runner: file
-- why: there is no such column
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders DROP COLUMN IF EXISTS draft;
-- then:
SELECT note FROM orders;
