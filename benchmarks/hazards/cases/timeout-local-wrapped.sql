-- hazard: lock-timeout-ineffective
-- label: harmless
-- twin: timeout-local-unwrapped
-- postgres: 13..18
-- runner: file
-- why: in a transaction it holds to its end
-- proof: no-warning 25P01
-- proof: lock-timeout orders 2s
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN rank integer;
