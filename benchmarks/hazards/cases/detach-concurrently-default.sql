-- hazard: detach-partition-non-concurrent
-- label: harmful
-- twin: detach-concurrently
-- postgres: 14..18
-- runner: none
-- why: refused where there is a default partition
-- proof: error 55000
-- expects: statement-refused
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE TABLE events_rest PARTITION OF events DEFAULT;
-- change:
ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;
