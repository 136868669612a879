-- hazard: change-column-type-narrowing
-- label: harmful
-- twin: type-timestamp-precision
-- postgres: 13..18
-- runner: file
-- why: fewer fractional digits round every value
-- proof: rewrite readings
-- given:
CREATE TABLE readings (id bigint PRIMARY KEY, at timestamp);
INSERT INTO readings SELECT g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE readings ALTER COLUMN at TYPE timestamp(0);
