-- hazard: attach-partition-without-check
-- label: harmless
-- twin: attach-unchecked
-- postgres: 13..18
-- runner: file
-- why: the partition is made by the same migration and empty
-- proof: lock events SHARE UPDATE EXCLUSIVE
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE TABLE events_2 (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (1000) TO (2000);
