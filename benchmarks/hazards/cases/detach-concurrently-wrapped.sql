-- hazard: concurrently-in-transaction
-- label: harmful
-- twin: detach-concurrently
-- postgres: 14..18
-- runner: file
-- why: the runner wraps the file into a transaction
-- proof: error 25001
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;
