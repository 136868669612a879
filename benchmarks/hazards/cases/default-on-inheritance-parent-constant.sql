-- hazard: add-column-volatile-default
-- label: harmless
-- twin: default-on-inheritance-parent
-- postgres: 13..18
-- runner: file
-- why: a constant default is catalog work in the tables that inherit too
-- proof: no-rewrite cars
-- given:
CREATE TABLE vehicles (id bigint PRIMARY KEY);
CREATE TABLE cars (doors integer) INHERITS (vehicles);
INSERT INTO cars SELECT g, 4 FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE vehicles ADD COLUMN wheels integer NOT NULL DEFAULT 4;
