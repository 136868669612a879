-- hazard: create-partition-of-lock
-- label: harmless
-- twin: partition-of
-- postgres: 13..18
-- runner: file
-- why: made apart and attached: nobody waits
-- proof: lock events SHARE UPDATE EXCLUSIVE
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE TABLE events_2 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (1000) TO (2000);
