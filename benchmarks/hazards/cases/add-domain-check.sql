-- hazard: add-column-constrained-domain
-- label: harmful
-- twin: add-domain-plain
-- postgres: 13..18
-- runner: file
-- why: a domain with a CHECK makes PostgreSQL write the table anew, even for NULLs
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
-- change:
ALTER TABLE orders ADD COLUMN rank positive;
