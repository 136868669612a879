-- hazard: check-function-bodies-off
-- label: harmful
-- twin: check-bodies-on
-- postgres: 13..18
-- runner: file
-- why: a body that names a missing table is taken, and fails when it is called
-- proof: then-error 42P01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM orders';
-- change:
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM ordres';
-- then:
SELECT total();
