-- hazard: change-column-collation
-- label: harmless
-- twin: type-text-collation
-- postgres: 13..18
-- runner: file
-- why: the collation is what it was
-- proof: no-rewrite orders
-- proof: no-rewrite orders_note
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE INDEX orders_note ON orders (note);
-- change:
ALTER TABLE orders ALTER COLUMN note TYPE text COLLATE "default";
