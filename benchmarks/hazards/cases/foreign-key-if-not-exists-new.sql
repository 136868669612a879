-- hazard: add-foreign-key-without-not-valid
-- label: harmless
-- twin: foreign-key-if-not-exists-table
-- postgres: 13..18
-- runner: file
-- why: both tables really are new
-- proof: runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE IF NOT EXISTS regions (id bigint PRIMARY KEY);
CREATE TABLE IF NOT EXISTS parcels (id bigint PRIMARY KEY, region_id bigint);
ALTER TABLE parcels ADD CONSTRAINT parcels_region FOREIGN KEY (region_id) REFERENCES regions (id);
