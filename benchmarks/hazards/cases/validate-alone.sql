-- hazard: validate-while-holding-lock
-- label: harmless
-- twin: validate-under-lock
-- postgres: 13..18
-- runner: file
-- why: VALIDATE alone reads the rows beside the writers
-- proof: scan-lets-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0) NOT VALID;
-- change:
ALTER TABLE orders VALIDATE CONSTRAINT qty_positive;
