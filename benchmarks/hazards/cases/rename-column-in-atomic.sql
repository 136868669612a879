-- hazard: change-column-used-by-plpgsql
-- label: harmless
-- twin: drop-column-in-sql-body
-- postgres: 14..18
-- runner: file
-- why: the body of the function is stored as a tree, and follows; the column was made in this migration
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN remark text;
CREATE FUNCTION remark_of(wanted bigint) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT remark FROM orders WHERE id = wanted; END;
ALTER TABLE orders RENAME COLUMN remark TO comment;
-- then:
SELECT remark_of(1);
