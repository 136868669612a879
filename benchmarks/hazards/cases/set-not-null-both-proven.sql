-- hazard: set-not-null-unproven
-- label: harmless
-- twin: set-not-null-one-of-two
-- postgres: 13..18
-- runner: file
-- why: both columns are proven by one CHECK
-- proof: no-scan orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT all_there CHECK (code IS NOT NULL AND qty IS NOT NULL);
-- change:
ALTER TABLE orders ALTER COLUMN code SET NOT NULL, ALTER COLUMN qty SET NOT NULL;
