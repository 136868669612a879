-- hazard: do-block
-- label: harmless
-- twin: function-body-called
-- postgres: 13..18
-- runner: file
-- why: a function that would drop a table is made, and not called
-- proof: kept to_regclass('orders') IS NOT NULL
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE orders; END $$;
