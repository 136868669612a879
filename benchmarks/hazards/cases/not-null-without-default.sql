-- hazard: add-column-not-null-without-default
-- label: harmful
-- twin: not-null-with-default
-- postgres: 13..18
-- runner: file
-- why: the old rows have no value
-- proof: error 23502
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders ADD COLUMN rank integer NOT NULL;
