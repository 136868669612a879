-- hazard: add-check-without-not-valid
-- label: harmful
-- twin: check-not-valid
-- postgres: 13..18
-- runner: file
-- why: every row is tested while nobody can use the table
-- proof: scan-blocks-writes orders
-- proof: lock orders ACCESS EXCLUSIVE
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD CONSTRAINT qty_positive CHECK (qty > 0);
