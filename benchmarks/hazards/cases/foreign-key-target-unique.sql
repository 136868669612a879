-- hazard: foreign-key-target-not-unique
-- label: harmless
-- twin: foreign-key-target-not-unique
-- postgres: 13..18
-- runner: file
-- why: the referenced columns are unique, of a table that is new too
-- proof: runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE shops (id bigint PRIMARY KEY, code text UNIQUE);
CREATE TABLE visits (id bigint PRIMARY KEY, shop_code text REFERENCES shops (code));
CREATE INDEX visits_shop ON visits (shop_code);
