-- hazard: statement-refused
-- label: harmful
-- twin: replace-view-appends
-- postgres: 13..18
-- runner: file
-- why: a view has no columns to add
-- proof: error 42809
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE VIEW notes AS SELECT id, note FROM orders;
-- change:
ALTER TABLE notes ADD COLUMN qty integer;
