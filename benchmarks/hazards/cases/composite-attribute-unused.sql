-- hazard: composite-type-add-attribute
-- label: harmless
-- twin: composite-attribute-used
-- postgres: 13..18
-- runner: file
-- why: no column has the type
-- proof: runs
-- given:
CREATE TYPE address AS (street text);
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TYPE address ADD ATTRIBUTE city text;
