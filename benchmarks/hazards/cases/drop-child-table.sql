-- hazard: drop-table-locks-referenced
-- label: harmful
-- twin: drop-temporary-copy
-- postgres: 13..18
-- runner: file
-- why: dropping the referencing table locks the referenced one against everyone
-- proof: lock customers ACCESS EXCLUSIVE
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
-- change:
DROP TABLE visits;
