-- hazard: invalid-not-valid-target
-- label: harmful
-- twin: foreign-key-partitioned-not-valid-18
-- postgres: 13..17
-- runner: file
-- why: before 18 a foreign key of a partitioned table cannot be NOT VALID
-- proof: error 42809
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE hits (at integer NOT NULL, customer_id bigint) PARTITION BY RANGE (at);
-- change:
ALTER TABLE hits ADD CONSTRAINT hits_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
