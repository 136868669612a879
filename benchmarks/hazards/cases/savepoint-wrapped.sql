-- hazard: transaction-nesting
-- label: harmless
-- twin: start-transaction-wrapped
-- postgres: 13..18
-- runner: file
-- why: a savepoint belongs into a transaction
-- proof: no-warning 25001
-- proof: no-warning 25P01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SAVEPOINT before_it;
ALTER TABLE orders ADD COLUMN rank integer;
RELEASE SAVEPOINT before_it;
