-- hazard: do-block
-- label: harmless
-- twin: do-hides-rewrite
-- postgres: 13..18
-- runner: file
-- why: the block adds a nullable column where it is missing
-- proof: no-rewrite orders
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'rank') THEN
        ALTER TABLE orders ADD COLUMN rank integer;
    END IF;
END $$;
