-- hazard: rename-object
-- label: harmful
-- twin: rename-index
-- postgres: 13..18
-- runner: file
-- why: code that reads the old name fails
-- proof: then-error 42P01
-- expects: rename-table
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
-- change:
ALTER VIEW notes RENAME TO order_notes;
-- then:
SELECT FROM notes;
