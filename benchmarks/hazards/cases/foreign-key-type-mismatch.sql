-- hazard: foreign-key-type-mismatch
-- label: harmful
-- twin: foreign-key-between-new
-- postgres: 13..18
-- runner: file
-- why: there is no operator that compares text with bigint
-- proof: error 42804
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, customer_id text);
ALTER TABLE visits ADD FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
