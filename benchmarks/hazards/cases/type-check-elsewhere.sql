-- hazard: change-column-type-rechecks-constraints
-- label: harmless
-- twin: type-check-tested-again
-- postgres: 13..18
-- runner: file
-- why: the CHECK is about another column
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0);
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
