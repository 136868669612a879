-- hazard: drop-column
-- label: harmful
-- twin: drop-column-new
-- postgres: 13..18
-- runner: file
-- why: a CHECK over two columns goes with one of them, without CASCADE
-- proof: gone EXISTS (SELECT FROM pg_constraint WHERE conname = 'order_sane')
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT order_sane CHECK (qty > 0 OR note IS NOT NULL);
-- change:
ALTER TABLE orders DROP COLUMN note;
