-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: create-index-new-table
-- postgres: 13..18
-- runner: file
-- why: the table that now bears the name existed before, with its rows
-- proof: scan-blocks-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE TABLE orders_next (id bigint PRIMARY KEY, note text);
INSERT INTO orders_next SELECT id, note FROM orders;
-- change:
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_next RENAME TO orders;
CREATE INDEX orders_note ON orders (note);
