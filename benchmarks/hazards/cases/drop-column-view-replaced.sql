-- hazard: change-column-used-by-view
-- label: harmless
-- twin: change-type-viewed
-- postgres: 13..18
-- runner: file
-- why: the view is dropped before the type changes, and made again
-- proof: runs
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, code FROM orders;
-- change:
DROP VIEW notes;
ALTER TABLE orders ALTER COLUMN code TYPE varchar(60);
CREATE VIEW notes AS SELECT id, code FROM orders;
