-- hazard: feature-newer-than-target
-- label: harmful
-- twin: version-returning-old-18
-- postgres: 13..17
-- runner: file
-- why: RETURNING old came with 18
-- proof: error 42P01
-- expects: missing-object
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE TABLE journal (id bigint, qty integer);
-- change:
WITH changed AS (UPDATE orders SET qty = 5 WHERE id = 5 RETURNING old.id, old.qty)
INSERT INTO journal SELECT id, qty FROM changed;
