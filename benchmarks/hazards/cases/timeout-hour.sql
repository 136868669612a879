-- hazard: timeout-too-long
-- label: harmful
-- twin: timeout-local-wrapped
-- postgres: 13..18
-- runner: file
-- why: for an hour everyone queues behind the wait
-- proof: lock-timeout orders 1h
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET LOCAL lock_timeout = '1h';
ALTER TABLE orders ADD COLUMN rank integer;
