-- hazard: partitioned-index-fanout
-- label: harmless
-- twin: index-on-partitioned
-- postgres: 13..18
-- runner: file
-- why: ON ONLY makes an index of the parent alone, which holds nothing
-- proof: no-scan events_1
-- proof: lock events_1 none
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE INDEX events_payload ON ONLY events (payload);
