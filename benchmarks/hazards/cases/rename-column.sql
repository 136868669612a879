-- hazard: rename-column
-- label: harmful
-- twin: rename-column-new
-- postgres: 13..18
-- runner: file
-- why: code that uses the old name fails
-- proof: then-error 42703
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE orders RENAME COLUMN note TO remark;
-- then:
SELECT note FROM orders;
