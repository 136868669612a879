-- hazard: change-column-type-rechecks-constraints
-- label: harmful
-- twin: type-check-elsewhere
-- postgres: 13..18
-- runner: file
-- why: the CHECK on the column is tested on all rows though the type change is free
-- proof: no-rewrite orders
-- proof: scan-blocks-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT code_filled CHECK (code <> '');
-- change:
ALTER TABLE orders ALTER COLUMN code TYPE varchar(40);
