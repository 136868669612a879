-- hazard: validate-while-holding-lock
-- label: harmful
-- twin: validate-alone
-- postgres: 13..18
-- runner: file
-- why: an older constraint is validated under the lock that ADD COLUMN took
-- proof: scan-blocks-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0) NOT VALID;
-- change:
ALTER TABLE orders ADD COLUMN rank integer;
ALTER TABLE orders VALIDATE CONSTRAINT qty_positive;
