-- hazard: add-column-constrained-domain
-- label: harmless
-- twin: add-domain-check
-- postgres: 13..18
-- runner: file
-- why: an array of a domain is no domain
-- proof: no-rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
-- change:
ALTER TABLE orders ADD COLUMN ranks positive[];
