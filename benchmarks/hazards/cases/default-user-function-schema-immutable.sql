-- hazard: add-column-volatile-default-hidden
-- label: harmless
-- twin: default-user-function-schema
-- postgres: 13..18
-- runner: file
-- why: an immutable function over constants is a constant
-- proof: no-rewrite orders
-- given:
CREATE SCHEMA app;
CREATE FUNCTION app.fixed_digit() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 7';
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN tag text DEFAULT ('x' || app.fixed_digit()::text);
