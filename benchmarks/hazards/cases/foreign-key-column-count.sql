-- hazard: statement-refused
-- label: harmful
-- twin: foreign-key-between-new
-- postgres: 13..18
-- runner: file
-- why: two columns cannot refer to one
-- proof: error 42830
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, a bigint, b bigint, FOREIGN KEY (a, b) REFERENCES customers (id));
