-- hazard: set-null-on-not-null-column
-- label: harmless
-- twin: set-null-on-not-null
-- postgres: 13..18
-- runner: file
-- why: the column may be NULL, and both tables are new
-- proof: then-runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE visits (id bigint PRIMARY KEY, shop_id bigint REFERENCES shops ON DELETE SET NULL);
CREATE INDEX visits_shop ON visits (shop_id);
INSERT INTO shops VALUES (1);
INSERT INTO visits VALUES (1, 1);
-- then:
DELETE FROM shops WHERE id = 1;
