-- hazard: drop-default
-- label: harmful
-- twin: drop-default-optional
-- postgres: 13..18
-- runner: file
-- why: an INSERT that leaves the column out fails from now on
-- proof: then-error 23502
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
ALTER TABLE orders ALTER COLUMN qty SET DEFAULT 1;
ALTER TABLE orders ALTER COLUMN qty SET NOT NULL;
-- change:
ALTER TABLE orders ALTER COLUMN qty DROP DEFAULT;
-- then:
INSERT INTO orders (id) VALUES (5000);
