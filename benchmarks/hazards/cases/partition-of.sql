-- hazard: create-partition-of-lock
-- label: harmful
-- twin: partition-like-attach
-- postgres: 13..18
-- runner: file
-- why: the whole partitioned table is locked against everyone
-- proof: lock events ACCESS EXCLUSIVE
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (1000) TO (2000);
