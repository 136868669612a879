-- hazard: add-check-without-not-valid
-- label: harmful
-- twin: check-not-valid
-- postgres: 13..18
-- runner: file
-- why: the rows of every partition are tested under a lock against everyone
-- proof: scan-blocks-writes events_1
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
ALTER TABLE events ADD CONSTRAINT at_positive CHECK (at >= 0);
