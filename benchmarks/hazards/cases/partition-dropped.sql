-- hazard: detach-partition-non-concurrent
-- label: harmful
-- twin: detach-concurrently-second
-- postgres: 13..18
-- runner: file
-- why: dropping a partition in place locks the whole partitioned table against everyone
-- proof: lock events ACCESS EXCLUSIVE
-- expects: drop-table
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
DROP TABLE events_1;
