-- hazard: set-not-null-unproven
-- label: harmful
-- twin: set-not-null-both-proven
-- postgres: 13..18
-- runner: file
-- why: one of the two columns is proven, the other not
-- proof: scan-blocks-writes orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ADD CONSTRAINT code_there CHECK (code IS NOT NULL);
-- change:
ALTER TABLE orders ALTER COLUMN code SET NOT NULL, ALTER COLUMN qty SET NOT NULL;
