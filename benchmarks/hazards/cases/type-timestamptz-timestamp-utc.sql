-- hazard: change-column-type-timezone-dependent
-- label: harmless
-- twin: type-timestamptz-timestamp-local
-- postgres: 13..18
-- runner: file
-- why: with the session in UTC no value changes
-- proof: no-rewrite readings
-- given:
CREATE TABLE readings (id bigint PRIMARY KEY, at timestamptz);
INSERT INTO readings SELECT g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET TIME ZONE 'UTC';
ALTER TABLE readings ALTER COLUMN at TYPE timestamp;
SET TIME ZONE DEFAULT;
