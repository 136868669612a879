-- hazard: statement-after-access-exclusive
-- label: harmless
-- twin: update-after-alter
-- postgres: 13..18
-- runner: none
-- why: the lock is given back before the rows are written
-- proof: no-work-under-lock orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN gross numeric;
UPDATE orders SET gross = total * 1.2 WHERE id BETWEEN 1 AND 100;
