-- hazard: transaction-nesting
-- label: harmful
-- twin: begin-unwrapped
-- postgres: 13..18
-- runner: file
-- why: the runner has a transaction open: BEGIN does nothing, COMMIT ends the runner's
-- proof: warning 25001
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
BEGIN;
ALTER TABLE orders ADD COLUMN rank integer;
COMMIT;
