-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-char-varchar
-- postgres: 13..18
-- runner: file
-- why: varchar and text are stored alike, and the index on it is kept
-- proof: no-rewrite orders
-- proof: no-rewrite orders_code
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_code ON orders (code);
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE text;
