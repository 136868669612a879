-- hazard: drop-table-locks-referenced
-- label: harmless
-- twin: drop-child-table
-- postgres: 13..18
-- runner: file
-- why: dropping a temporary table of one's own touches no table in use
-- proof: lock customers ACCESS SHARE
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TEMP TABLE copied AS SELECT id FROM customers;
DROP TABLE copied;
