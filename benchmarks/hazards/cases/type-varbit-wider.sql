-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-bit-varbit
-- postgres: 13..18
-- runner: file
-- why: a longer bit varying is catalog work
-- proof: no-rewrite masks
-- given:
CREATE TABLE masks (id bigint PRIMARY KEY, bits bit varying(8));
INSERT INTO masks SELECT g, B'1010' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE masks ALTER COLUMN bits TYPE bit varying(16);
