-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-array-same
-- postgres: 13..18
-- runner: file
-- why: an array is converted element by element even where the elements are stored alike
-- proof: rewrite bags
-- given:
CREATE TABLE bags (id bigint PRIMARY KEY, tags varchar[]);
INSERT INTO bags SELECT g, ARRAY['a'] FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE bags ALTER COLUMN tags TYPE text[];
