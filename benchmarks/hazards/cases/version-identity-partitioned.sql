-- hazard: feature-newer-than-target
-- label: harmful
-- twin: version-identity-partitioned-17
-- postgres: 13..16
-- runner: file
-- why: a partitioned table cannot be given an identity column before 17
-- proof: error 42P16
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
ALTER TABLE events ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
