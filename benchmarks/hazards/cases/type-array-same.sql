-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-array-int-bigint
-- postgres: 13..18
-- runner: file
-- why: the number of dimensions and the length are not part of the type
-- proof: no-rewrite bags
-- given:
CREATE TABLE bags (id bigint PRIMARY KEY, tags text[]);
INSERT INTO bags SELECT g, ARRAY['a'] FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE bags ALTER COLUMN tags TYPE text[][];
