-- hazard: foreign-key-target-missing
-- label: harmful
-- twin: foreign-key-between-new
-- postgres: 13..18
-- runner: file
-- why: the referenced table does not exist
-- proof: error 42P01
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE visits (id bigint PRIMARY KEY, shop_id bigint REFERENCES shops (id));
