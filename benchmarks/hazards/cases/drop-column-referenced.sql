-- hazard: change-column-used-by-view
-- label: harmful
-- twin: drop-column-view-replaced
-- postgres: 13..18
-- runner: file
-- why: a foreign key refers to the column
-- proof: error 2BP01
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
-- change:
ALTER TABLE customers DROP COLUMN id;
