-- hazard: do-block
-- label: harmful
-- twin: do-delete-some
-- postgres: 13..18
-- runner: file
-- why: the block deletes every row
-- proof: gone EXISTS (SELECT FROM orders)
-- expects: delete-without-where
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
DO $$ BEGIN DELETE FROM orders; END $$;
