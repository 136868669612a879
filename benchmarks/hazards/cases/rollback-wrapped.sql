-- hazard: transaction-nesting
-- label: harmful
-- twin: begin-in-body
-- postgres: 13..18
-- runner: file
-- why: ROLLBACK undoes what the runner believes done
-- proof: warning 25P01
-- proof: after NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'rank')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN rank integer;
ROLLBACK;
