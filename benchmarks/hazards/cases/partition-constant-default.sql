-- hazard: add-column-volatile-default
-- label: harmless
-- twin: partition-volatile-default
-- postgres: 13..18
-- runner: file
-- why: a constant default is catalog work in every partition
-- proof: no-rewrite events_1
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
ALTER TABLE events ADD COLUMN level integer NOT NULL DEFAULT 0;
