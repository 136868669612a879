-- hazard: non-transactional-statement-in-transaction
-- label: harmless
-- twin: subscription-wrapped
-- postgres: 13..18
-- runner: file
-- why: without a slot a subscription can be made in a transaction
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE SUBSCRIPTION hz_sub CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
DROP SUBSCRIPTION hz_sub;
