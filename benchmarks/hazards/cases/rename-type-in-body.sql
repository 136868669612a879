-- hazard: change-column-used-by-plpgsql
-- label: harmful
-- twin: rename-index
-- postgres: 13..18
-- runner: file
-- why: the body of the function names the table by its old name
-- proof: then-error 42P01
-- expects: rename-table
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION order_count() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM orders); END $$;
-- change:
ALTER TABLE orders RENAME TO purchases;
-- then:
SELECT order_count();
