-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: create-index
-- postgres: 13..18
-- runner: file
-- why: the index exists, IF NOT EXISTS builds none
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_note ON orders (note);
-- change:
CREATE INDEX IF NOT EXISTS orders_note ON orders (note);
