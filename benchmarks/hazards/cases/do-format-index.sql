-- hazard: do-block
-- label: harmful
-- twin: do-cheap
-- postgres: 13..18
-- runner: file
-- why: the string is put together from constants
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
    EXECUTE format('CREATE INDEX %I ON %I (%I)', 'orders_note', 'orders', 'note');
END $$;
