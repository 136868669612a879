-- hazard: drop-cascade
-- label: harmful
-- twin: drop-table-new
-- postgres: 13..18
-- runner: file
-- why: the foreign key of another table vanishes with the table
-- proof: gone EXISTS (SELECT FROM pg_constraint WHERE contype = 'f')
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
-- change:
DROP TABLE customers CASCADE;
