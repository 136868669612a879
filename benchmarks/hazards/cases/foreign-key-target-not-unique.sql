-- hazard: foreign-key-target-not-unique
-- label: harmful
-- twin: foreign-key-target-unique
-- postgres: 13..18
-- runner: file
-- why: the referenced column is not unique
-- proof: error 42830
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, email text REFERENCES customers (email));
