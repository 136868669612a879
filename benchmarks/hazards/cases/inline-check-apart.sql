-- hazard: add-column-inline-check
-- label: harmless
-- twin: inline-check
-- postgres: 13..18
-- runner: file
-- why: the column first, its CHECK without a look at the rows
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN rank integer;
ALTER TABLE orders ADD CONSTRAINT rank_positive CHECK (rank > 0) NOT VALID;
