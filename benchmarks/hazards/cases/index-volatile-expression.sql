-- hazard: non-immutable-index-expression
-- label: harmful
-- twin: index-immutable-expression
-- postgres: 13..18
-- runner: file
-- why: an index expression must be immutable
-- proof: error 42P17
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
CREATE TABLE logins (id bigint PRIMARY KEY, at timestamptz);
CREATE INDEX logins_day ON logins (date(at));
