-- hazard: drop-not-null
-- label: harmful
-- twin: drop-not-null-already
-- postgres: 13..18
-- runner: file
-- why: readers now may get NULL
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ALTER COLUMN code SET NOT NULL;
-- change:
ALTER TABLE orders ALTER COLUMN code DROP NOT NULL;
-- then:
INSERT INTO orders (id) VALUES (5000);
