-- hazard: change-column-type-timezone-dependent
-- label: harmful
-- twin: type-timestamptz-timestamp-utc
-- postgres: 13..18
-- runner: file
-- why: the values are moved by the session's time zone and written anew
-- proof: rewrite readings
-- given:
CREATE TABLE readings (id bigint PRIMARY KEY, at timestamptz);
INSERT INTO readings SELECT g, '2024-01-01' FROM generate_series(1, 300) AS g;
-- change:
SET TIME ZONE 'America/New_York';
ALTER TABLE readings ALTER COLUMN at TYPE timestamp;
