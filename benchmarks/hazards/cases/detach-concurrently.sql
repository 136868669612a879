-- hazard: detach-partition-non-concurrent
-- label: harmless
-- twin: detach
-- postgres: 14..18
-- runner: none
-- why: CONCURRENTLY lets readers and writers go on
-- proof: queue-lets-writes events
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;
