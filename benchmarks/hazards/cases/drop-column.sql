-- hazard: drop-column
-- label: harmful
-- twin: drop-column-new
-- postgres: 13..18
-- runner: file
-- why: the values are gone, and code that reads the column fails
-- proof: then-error 42703
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders DROP COLUMN note;
-- then:
SELECT note FROM orders;
