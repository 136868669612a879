-- hazard: delete-without-where
-- label: harmless
-- twin: delete-all
-- postgres: 13..18
-- runner: file
-- why: the table was made by the same migration
-- proof: kept EXISTS (SELECT FROM orders)
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE staging AS SELECT id, code FROM orders;
DELETE FROM staging;
