-- hazard: domain-set-not-null
-- label: harmless
-- twin: domain-not-null
-- postgres: 13..18
-- runner: file
-- why: no table has a column of the domain
-- proof: runs
-- given:
CREATE DOMAIN quantity AS integer;
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER DOMAIN quantity SET NOT NULL;
