-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-enum-text
-- postgres: 13..18
-- runner: file
-- why: more fractional digits change no value
-- proof: no-rewrite readings
-- given:
CREATE TABLE readings (id bigint PRIMARY KEY, at timestamp(3));
INSERT INTO readings SELECT g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE readings ALTER COLUMN at TYPE timestamp(6);
