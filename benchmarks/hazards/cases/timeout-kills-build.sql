-- hazard: statement-timeout-kills-concurrent-build
-- label: harmful
-- twin: timeout-zero-for-build
-- postgres: 13..18
-- runner: none
-- why: the build is cut off and leaves an invalid index
-- proof: error 57014
-- proof: after NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('orders_slow'))
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION slowly(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN $1; END $$;
-- change:
SET statement_timeout = '100ms';
CREATE INDEX CONCURRENTLY orders_slow ON orders (slowly(id));
