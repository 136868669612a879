-- hazard: set-not-null-unproven
-- label: harmful
-- twin: set-not-null-proven
-- postgres: 13..18
-- runner: file
-- why: a CHECK that is added in the same statement is itself tested on every row
-- proof: scan-blocks-writes orders
-- expects: add-check-without-not-valid
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD CONSTRAINT code_there CHECK (code IS NOT NULL), ALTER COLUMN code SET NOT NULL;
