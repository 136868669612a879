-- hazard: create-index-non-concurrent
-- label: harmless
-- twin: search-path-old-table
-- postgres: 13..18
-- runner: file
-- why: by the search_path the new table is meant, not its namesake in public
-- proof: lock public.orders none
-- proof: lock orders none
-- given:
CREATE SCHEMA shop;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET LOCAL search_path = shop, public;
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE INDEX orders_note ON orders (note);
