-- hazard: add-column-volatile-default-hidden
-- label: harmless
-- twin: default-user-function-volatile
-- postgres: 13..18
-- runner: file
-- why: nothing is said of its volatility, but the body of an SQL function is looked into, and is a constant
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION first_code() RETURNS text LANGUAGE sql AS $$ SELECT 'A1'::text $$;
-- change:
ALTER TABLE orders ADD COLUMN tag text DEFAULT first_code();
