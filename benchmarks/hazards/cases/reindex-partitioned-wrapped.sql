-- hazard: non-transactional-statement-in-transaction
-- label: harmful
-- twin: reindex-index-new
-- postgres: 14..18
-- runner: file
-- why: REINDEX of a partitioned table commits after every partition
-- proof: error 25001
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE INDEX events_payload ON events (payload);
-- change:
REINDEX TABLE events;
