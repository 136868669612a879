-- hazard: replace-view-incompatible
-- label: harmless
-- twin: replace-view-drops-column
-- postgres: 13..18
-- runner: file
-- why: a column more at the end is taken
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
-- change:
CREATE OR REPLACE VIEW notes AS SELECT id, note, qty FROM orders;
