-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: search-path-new-table
-- postgres: 13..18
-- runner: file
-- why: by the search_path the old table in public is meant, not the new one
-- proof: scan-blocks-writes orders
-- given:
CREATE SCHEMA shop;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);
SET LOCAL search_path = public, shop;
CREATE INDEX orders_note ON orders (note);
