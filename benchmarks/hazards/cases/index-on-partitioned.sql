-- hazard: partitioned-index-fanout
-- label: harmful
-- twin: index-on-empty-partitioned
-- postgres: 13..18
-- runner: file
-- why: all partitions are kept from writers while their indexes are built
-- proof: scan-blocks-writes events_1
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE INDEX events_payload ON events (payload);
