-- hazard: statement-after-access-exclusive
-- label: harmless
-- twin: update-after-alter
-- postgres: 13..18
-- runner: file
-- why: the migration commits before the small update, which keeps nobody from the table
-- proof: no-work-under-lock orders
-- proof: no-warning 25001
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN gross numeric;
