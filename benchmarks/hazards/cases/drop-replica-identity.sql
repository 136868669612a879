-- hazard: drop-primary-key-breaks-replica-identity
-- label: harmful
-- twin: publish-with-identity
-- postgres: 13..18
-- runner: file
-- why: the table is published and has no identity any more: UPDATE fails
-- proof: then-error 55000
-- expects: drop-constraint
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE PUBLICATION hz_pub FOR TABLE orders;
-- change:
ALTER TABLE orders DROP CONSTRAINT orders_pkey;
-- then:
UPDATE orders SET qty = 1 WHERE id = 1;
