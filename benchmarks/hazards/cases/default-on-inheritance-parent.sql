-- hazard: add-column-volatile-default
-- label: harmful
-- twin: default-on-inheritance-parent-constant
-- postgres: 13..18
-- runner: file
-- why: the tables that inherit are written anew too
-- proof: rewrite cars
-- given:
CREATE TABLE vehicles (id bigint PRIMARY KEY);
CREATE TABLE cars (doors integer) INHERITS (vehicles);
INSERT INTO cars SELECT g, 4 FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE vehicles ADD COLUMN token uuid DEFAULT gen_random_uuid();
