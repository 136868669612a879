-- hazard: check-function-bodies-off
-- label: harmless
-- twin: check-bodies-off
-- postgres: 13..18
-- runner: file
-- why: bodies are looked at, and this one is sound
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM orders';
-- change:
SET LOCAL check_function_bodies = on;
CREATE OR REPLACE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM orders WHERE qty > 0';
-- then:
SELECT total();
