-- hazard: concurrent-index-on-partitioned
-- label: harmless
-- twin: index-concurrently-partitioned
-- postgres: 13..18
-- runner: none
-- why: the parent's index alone first, the partition's concurrently, then attached
-- proof: queue-lets-reads events
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE INDEX events_payload ON ONLY events (payload);
CREATE INDEX CONCURRENTLY events_1_payload ON events_1 (payload);
ALTER INDEX events_payload ATTACH PARTITION events_1_payload;
