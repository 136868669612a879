-- hazard: partitioned-index-fanout
-- label: harmless
-- twin: index-on-partitioned
-- postgres: 13..18
-- runner: file
-- why: the partitioned table is made by the same migration
-- proof: runs
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE TABLE hits (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE hits_1 PARTITION OF hits FOR VALUES FROM (0) TO (1000);
CREATE INDEX hits_payload ON hits (payload);
