-- hazard: add-column-volatile-default-hidden
-- label: harmful
-- twin: default-from-domain-constant
-- postgres: 13..18
-- runner: file
-- why: the column's own default is none, and its domain brings a volatile one
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE DOMAIN token AS uuid DEFAULT gen_random_uuid();
-- change:
ALTER TABLE orders ADD COLUMN tag token;
