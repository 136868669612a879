-- hazard: add-column-volatile-default-hidden
-- label: harmful
-- twin: default-operator-immutable
-- postgres: 13..18
-- runner: file
-- why: the function behind the operator is volatile
-- proof: rewrite orders
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION jitter(integer, integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN $1 + $2; END $$;
CREATE OPERATOR +~ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jitter);
-- change:
ALTER TABLE orders ADD COLUMN weight integer DEFAULT (1 +~ 2);
