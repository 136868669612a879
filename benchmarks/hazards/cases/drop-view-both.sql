-- hazard: drop-view-with-dependents
-- label: harmless
-- twin: drop-view-used
-- postgres: 13..18
-- runner: file
-- why: both are dropped in order and made again
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
CREATE VIEW notes_short AS SELECT id, left(note, 10) AS note FROM notes;
-- change:
DROP VIEW notes_short;
DROP VIEW notes;
CREATE VIEW notes AS SELECT id, note, qty FROM orders;
CREATE VIEW notes_short AS SELECT id, left(note, 10) AS note FROM notes;
