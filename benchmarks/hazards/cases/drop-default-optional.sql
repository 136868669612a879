-- hazard: drop-default
-- label: harmless
-- twin: drop-default-required
-- postgres: 13..18
-- runner: file
-- why: the column has no default
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ALTER COLUMN qty DROP DEFAULT;
-- then:
INSERT INTO orders (id) VALUES (5000);
