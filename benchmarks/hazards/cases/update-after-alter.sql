-- hazard: statement-after-access-exclusive
-- label: harmful
-- twin: update-in-own-transaction
-- postgres: 13..18
-- runner: file
-- why: the backfill runs while the ALTER TABLE keeps everyone out
-- proof: work-under-lock orders
-- expects: unbatched-backfill
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN gross numeric;
UPDATE orders SET gross = total * 1.2 WHERE gross IS NULL;
