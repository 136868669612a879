-- hazard: drop-view-with-dependents
-- label: harmful
-- twin: drop-function-unused
-- postgres: 13..18
-- runner: file
-- why: a view calls the function
-- proof: error 2BP01
-- given:
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint, code varchar(20), total numeric(10,2), qty integer, note text, placed timestamp
);
INSERT INTO orders SELECT g, g % 50 + 1, 'c' || g, g, g, 'n' || g, '2024-01-01' FROM generate_series(1, 300) AS g;
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.2';
CREATE VIEW bills AS SELECT id, gross(total) AS total FROM orders;
-- change:
DROP FUNCTION gross(numeric);
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.25';
