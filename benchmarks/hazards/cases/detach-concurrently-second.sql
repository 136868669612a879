-- hazard: detach-partition-non-concurrent
-- label: harmless
-- twin: partition-dropped
-- postgres: 14..18
-- runner: none
-- why: one of two partitions is detached while readers go on
-- proof: queue-lets-reads events
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (-1000) TO (0);
-- change:
ALTER TABLE events DETACH PARTITION events_0 CONCURRENTLY;
