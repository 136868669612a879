-- hazard: invalid-not-valid-target
-- label: harmless
-- twin: foreign-key-partitioned-not-valid
-- postgres: 18..18
-- runner: file
-- why: since 18 it can
-- proof: runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
CREATE TABLE hits (at integer NOT NULL, customer_id bigint) PARTITION BY RANGE (at);
-- change:
ALTER TABLE hits ADD CONSTRAINT hits_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
