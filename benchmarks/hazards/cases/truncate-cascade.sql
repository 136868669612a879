-- hazard: truncate-cascade
-- label: harmful
-- twin: truncate-new
-- postgres: 13..18
-- runner: file
-- why: the rows of every referencing table go too
-- proof: gone EXISTS (SELECT FROM visits)
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
INSERT INTO visits SELECT g, g FROM generate_series(1, 50) AS g;
-- change:
TRUNCATE customers CASCADE;
