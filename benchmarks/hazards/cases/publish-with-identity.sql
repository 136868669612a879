-- hazard: drop-primary-key-breaks-replica-identity
-- label: harmless
-- twin: drop-replica-identity
-- postgres: 13..18
-- runner: file
-- why: the identity of a published new table is the whole row
-- proof: then-runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE PUBLICATION hz_pub FOR TABLE orders;
-- change:
CREATE TABLE parcels (code text PRIMARY KEY);
ALTER TABLE parcels REPLICA IDENTITY FULL;
ALTER PUBLICATION hz_pub ADD TABLE parcels;
-- then:
UPDATE orders SET qty = 1 WHERE id = 1;
