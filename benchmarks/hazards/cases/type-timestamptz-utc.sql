-- hazard: change-column-type-timezone-dependent
-- label: harmless
-- twin: type-timestamptz-local
-- postgres: 13..18
-- runner: file
-- why: with the session in UTC no value changes
-- proof: no-rewrite orders
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET LOCAL TimeZone = 'UTC';
ALTER TABLE orders ALTER COLUMN placed TYPE timestamptz;
