-- hazard: add-column-volatile-default-hidden
-- label: harmful
-- twin: default-user-function-schema-immutable
-- postgres: 13..18
-- runner: file
-- why: the volatile function lives in a schema of the application, cast and concatenated
-- proof: rewrite orders
-- given:
CREATE SCHEMA app;
CREATE FUNCTION app.random_digit() RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT (random() * 9)::int';
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN tag text DEFAULT ('x' || app.random_digit()::text);
