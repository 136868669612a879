-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: create-index-new-table
-- postgres: 13..18
-- runner: file
-- why: the new table is in another schema than the one that is indexed
-- proof: scan-blocks-writes orders
-- given:
CREATE SCHEMA shop;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);
CREATE INDEX orders_note ON public.orders (note);
