-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-bit-varbit-unbounded
-- postgres: 13..18
-- runner: file
-- why: the length makes every value be looked at
-- proof: rewrite masks
-- given:
CREATE TABLE masks (id bigint PRIMARY KEY, bits bit(8));
INSERT INTO masks SELECT g, B'10101010' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE masks ALTER COLUMN bits TYPE bit varying(8);
