-- hazard: if-not-exists-hides-drift
-- label: harmful
-- twin: add-column-if-new
-- postgres: 13..18
-- runner: file
-- why: the column exists with another type, and stays as it is
-- proof: after (SELECT atttypid = 'integer'::regtype FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'qty')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN IF NOT EXISTS qty bigint NOT NULL DEFAULT 0;
