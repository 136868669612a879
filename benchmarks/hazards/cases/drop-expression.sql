-- hazard: drop-generated-expression
-- label: harmful
-- twin: drop-expression-missing
-- postgres: 13..18
-- runner: file
-- why: the column is not computed any more
-- proof: then-runs
-- proof: after NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attgenerated <> '')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (total * 1.2) STORED;
-- change:
ALTER TABLE orders ALTER COLUMN gross DROP EXPRESSION;
-- then:
UPDATE orders SET gross = 0 WHERE id = 1;
