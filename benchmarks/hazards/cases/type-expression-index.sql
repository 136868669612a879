-- hazard: change-column-type-indexed
-- label: harmful
-- twin: type-plain-index
-- postgres: 13..18
-- runner: file
-- why: an index over an expression of the column is built anew although the table stays
-- proof: no-rewrite orders
-- proof: rewrite orders_lower
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_lower ON orders (lower(code));
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE text;
