-- hazard: default-partition-scan
-- label: harmful
-- twin: attach-beside-default-checked
-- postgres: 13..18
-- runner: file
-- why: a new empty partition makes the default one be read to the end
-- proof: scan-blocks-writes events_rest
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT g, 'p' FROM generate_series(5000, 5299) AS g;
-- change:
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
