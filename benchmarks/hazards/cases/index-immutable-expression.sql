-- hazard: non-immutable-index-expression
-- label: harmless
-- twin: index-volatile-expression
-- postgres: 13..18
-- runner: file
-- why: with a named time zone the expression is immutable
-- proof: runs
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE logins (id bigint PRIMARY KEY, at timestamptz);
CREATE INDEX logins_day ON logins (date(at AT TIME ZONE 'UTC'));
