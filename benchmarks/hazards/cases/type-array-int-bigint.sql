-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-array-same
-- postgres: 13..18
-- runner: file
-- why: every element is stored differently
-- proof: rewrite bags
-- given:
CREATE TABLE bags (id bigint PRIMARY KEY, sizes integer[]);
INSERT INTO bags SELECT g, ARRAY[g] FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE bags ALTER COLUMN sizes TYPE bigint[];
