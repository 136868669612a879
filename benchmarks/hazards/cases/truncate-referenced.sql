-- hazard: truncate
-- label: harmful
-- twin: truncate-new
-- postgres: 13..18
-- runner: file
-- why: a table that is referenced cannot be emptied alone
-- proof: error 0A000
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
-- change:
TRUNCATE customers;
