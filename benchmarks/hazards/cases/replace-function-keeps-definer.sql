-- hazard: function-property-lost-on-replace
-- label: harmless
-- twin: replace-function-loses-definer
-- postgres: 13..18
-- runner: file
-- why: all properties are repeated
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE ROLE hz_app;
CREATE FUNCTION order_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT count(*) FROM orders';
-- change:
CREATE OR REPLACE FUNCTION order_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT count(*) FROM orders WHERE qty > 0';
-- then:
SET ROLE hz_app;
SELECT order_count();
