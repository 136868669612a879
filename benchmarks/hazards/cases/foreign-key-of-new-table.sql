-- hazard: add-foreign-key-locks-referenced
-- label: harmful
-- twin: foreign-key-between-new
-- postgres: 13..18
-- runner: file
-- why: the new table is empty, but the referenced one cannot be written until the end
-- proof: lock customers SHARE ROW EXCLUSIVE
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
