-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-numeric-wider
-- postgres: 13..18
-- runner: file
-- why: another scale rounds every value
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14,4);
