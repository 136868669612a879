-- hazard: drop-then-recreate
-- label: harmless
-- twin: drop-function-used
-- postgres: 13..18
-- runner: file
-- why: nothing but its callers depends on it, and it comes back
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.2';
-- change:
DROP FUNCTION gross(numeric);
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.25';
-- then:
SELECT gross(1);
