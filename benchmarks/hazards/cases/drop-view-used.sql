-- hazard: drop-view-with-dependents
-- label: harmful
-- twin: drop-view-both
-- postgres: 13..18
-- runner: file
-- why: another view is built on it
-- proof: error 2BP01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
CREATE VIEW notes_short AS SELECT id, left(note, 10) AS note FROM notes;
-- change:
DROP VIEW notes;
CREATE VIEW notes AS SELECT id, note, qty FROM orders;
