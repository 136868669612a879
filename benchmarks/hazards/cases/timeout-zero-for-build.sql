-- hazard: statement-timeout-kills-concurrent-build
-- label: harmless
-- twin: timeout-kills-build
-- postgres: 13..18
-- runner: none
-- why: for the build there is no limit
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET statement_timeout = '100ms';
SET statement_timeout = 0;
CREATE INDEX CONCURRENTLY orders_slow ON orders (note);
