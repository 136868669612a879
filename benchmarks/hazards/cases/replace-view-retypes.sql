-- hazard: replace-view-incompatible
-- label: harmful
-- twin: replace-view-appends
-- postgres: 13..18
-- runner: file
-- why: CREATE OR REPLACE cannot change the type of a column
-- proof: error 42P16
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, qty FROM orders;
-- change:
CREATE OR REPLACE VIEW notes AS SELECT id, qty::bigint AS qty FROM orders;
