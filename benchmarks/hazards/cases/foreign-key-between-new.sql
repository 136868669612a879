-- hazard: add-foreign-key-locks-referenced
-- label: harmless
-- twin: foreign-key-of-new-table
-- postgres: 13..18
-- runner: file
-- why: both tables are new
-- proof: lock customers none
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE visits (id bigint PRIMARY KEY, shop_id bigint REFERENCES shops);
