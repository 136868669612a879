-- hazard: do-block
-- label: harmful
-- twin: do-cheap
-- postgres: 13..18
-- runner: file
-- why: the block drops a table
-- proof: gone to_regclass('orders') IS NOT NULL
-- expects: drop-table
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relname = 'orders') THEN
        DROP TABLE orders;
    END IF;
END $$;
