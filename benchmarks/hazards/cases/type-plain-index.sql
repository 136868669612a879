-- hazard: change-column-type-indexed
-- label: harmless
-- twin: type-expression-index
-- postgres: 13..18
-- runner: file
-- why: the index on the plain column is kept as it is
-- proof: no-rewrite orders
-- proof: no-rewrite orders_code
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE UNIQUE INDEX orders_code ON orders (code);
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(64);
