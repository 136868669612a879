-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-bit-varbit
-- postgres: 13..18
-- runner: file
-- why: bit and bit varying without a length are stored alike
-- proof: no-rewrite masks
-- given:
CREATE TABLE masks (id bigint PRIMARY KEY, bits bit(8));
INSERT INTO masks SELECT g, B'10101010' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE masks ALTER COLUMN bits TYPE bit varying;
