-- hazard: change-column-type-timezone-dependent
-- label: harmful
-- twin: type-timestamptz-utc
-- postgres: 13..18
-- runner: file
-- why: AT TIME ZONE is an expression: every row is computed even with UTC on both sides
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET LOCAL TimeZone = 'UTC';
ALTER TABLE orders ALTER COLUMN placed TYPE timestamptz USING placed AT TIME ZONE 'UTC';
