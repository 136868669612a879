-- hazard: drop-constraint
-- label: harmful
-- twin: drop-constraint-readded
-- postgres: 13..18
-- runner: file
-- why: from now on anything is taken
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0);
-- change:
ALTER TABLE orders DROP CONSTRAINT qty_positive;
-- then:
INSERT INTO orders (id, qty) VALUES (5000, -1);
