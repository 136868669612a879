-- hazard: add-check-without-not-valid
-- label: harmless
-- twin: check
-- postgres: 13..18
-- runner: file
-- why: the table is made by the same migration
-- proof: runs
-- given:
CREATE TABLE customers (id bigint PRIMARY KEY, email text, name varchar(50));
INSERT INTO customers SELECT g, 'e' || g, 'n' || g FROM generate_series(1, 50) AS g;
-- change:
CREATE TABLE parcels (id bigint PRIMARY KEY, weight integer);
ALTER TABLE parcels ADD CONSTRAINT weight_positive CHECK (weight > 0);
