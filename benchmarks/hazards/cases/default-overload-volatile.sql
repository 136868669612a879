-- hazard: add-column-volatile-default-hidden
-- label: harmful
-- twin: default-overload-immutable
-- postgres: 13..18
-- runner: file
-- why: of two functions of one name the arguments choose the volatile one
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION label(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE FUNCTION label(text) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT $1 || random()::text';
-- change:
ALTER TABLE orders ADD COLUMN tag text DEFAULT label('a'::text);
