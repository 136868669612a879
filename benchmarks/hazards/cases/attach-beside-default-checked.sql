-- hazard: default-partition-scan
-- label: harmless
-- twin: attach-beside-default
-- postgres: 13..18
-- runner: file
-- why: a CHECK keeps the rows of the new partition out of the default
-- proof: no-scan events_rest
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT g, 'p' FROM generate_series(5000, 5299) AS g;
ALTER TABLE events_rest ADD CONSTRAINT events_rest_free CHECK (at < 1000 OR at >= 2000);
CREATE TABLE events_2 (at integer NOT NULL, payload text);
INSERT INTO events_2 SELECT g, 'p' || g FROM generate_series(1000, 1299) AS g;
ALTER TABLE events_2 ADD CONSTRAINT events_2_bound CHECK (at >= 1000 AND at < 2000);
-- change:
ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (1000) TO (2000);
