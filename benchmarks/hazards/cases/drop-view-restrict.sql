-- hazard: drop-cascade
-- label: harmless
-- twin: drop-cascade-view
-- postgres: 13..18
-- runner: file
-- why: nothing depends on the view, which is made again
-- proof: kept to_regclass('notes') IS NOT NULL
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
-- change:
DROP VIEW notes;
CREATE VIEW notes AS SELECT id, note, code FROM orders;
