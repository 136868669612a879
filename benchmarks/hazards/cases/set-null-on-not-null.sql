-- hazard: set-null-on-not-null-column
-- label: harmful
-- twin: set-null-on-nullable
-- postgres: 13..18
-- runner: file
-- why: deleting a referenced row wants to set NULL what may not be NULL
-- proof: then-error 23502
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers ON DELETE SET NULL);
INSERT INTO visits VALUES (1, 1);
-- then:
DELETE FROM customers WHERE id = 1;
