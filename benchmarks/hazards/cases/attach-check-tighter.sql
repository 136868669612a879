-- hazard: attach-partition-without-check
-- label: harmless
-- twin: attach-check-too-wide
-- postgres: 13..18
-- runner: file
-- why: the CHECK allows less than the bound
-- proof: no-scan events_2
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE TABLE events_2 (at integer NOT NULL, payload text);
INSERT INTO events_2 SELECT g, 'p' || g FROM generate_series(1000, 1299) AS g;
ALTER TABLE events_2 ADD CONSTRAINT events_2_bound CHECK (at >= 1000 AND at < 1500);
-- change:
ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (1000) TO (2000);
