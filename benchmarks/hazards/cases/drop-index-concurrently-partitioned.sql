-- hazard: concurrent-index-on-partitioned
-- label: harmful
-- twin: drop-index-concurrently
-- postgres: 13..18
-- runner: none
-- why: CONCURRENTLY is refused for a partitioned index
-- proof: error 0A000
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE INDEX events_payload ON events (payload);
-- change:
DROP INDEX CONCURRENTLY events_payload;
