-- hazard: drop-then-recreate
-- label: harmless
-- twin: drop-constraint
-- postgres: 13..18
-- runner: file
-- why: a view dropped if it is there and made again is no removal
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
-- change:
DROP VIEW IF EXISTS notes;
CREATE VIEW notes AS SELECT id, note, qty FROM orders;
-- then:
SELECT FROM notes;
