-- hazard: lock-timeout-ineffective
-- label: harmful
-- twin: timeout-session-unwrapped
-- postgres: 13..18
-- runner: none
-- why: SET is undone with the transaction that is rolled back
-- proof: lock-timeout orders 0
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
BEGIN;
SET lock_timeout = '2s';
ROLLBACK;
ALTER TABLE orders ADD COLUMN rank integer;
