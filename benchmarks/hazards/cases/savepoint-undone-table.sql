-- hazard: create-index-non-concurrent
-- label: harmful
-- twin: create-index-new-table
-- postgres: 13..18
-- runner: file
-- why: what would have been a new table is undone before the index is built
-- proof: scan-blocks-writes shop.orders
-- given:
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);
INSERT INTO shop.orders SELECT g, 'n' FROM generate_series(1, 300) AS g;
-- change:
SAVEPOINT before_it;
ALTER TABLE shop.orders RENAME TO orders_old;
CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text);
ROLLBACK TO SAVEPOINT before_it;
CREATE INDEX orders_note ON shop.orders (note);
