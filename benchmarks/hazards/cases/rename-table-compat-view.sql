-- hazard: rename-table
-- label: harmless
-- twin: rename-table
-- postgres: 13..18
-- runner: file
-- why: a view bears the old name in the same transaction: old code reads and writes through it
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT * FROM purchases;
-- then:
INSERT INTO orders (id, note) VALUES (7000, 'through the view');
SELECT note FROM orders WHERE id = 7000;
