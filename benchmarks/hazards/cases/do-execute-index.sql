-- hazard: do-block
-- label: harmful
-- twin: do-cheap
-- postgres: 13..18
-- runner: file
-- why: the block runs a CREATE INDEX from a string
-- proof: scan-blocks-writes orders
-- expects: create-index-non-concurrent
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$
BEGIN
    EXECUTE 'CREATE INDEX orders_note ON orders (note)';
END $$;
