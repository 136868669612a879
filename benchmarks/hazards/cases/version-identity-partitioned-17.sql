-- hazard: feature-newer-than-target
-- label: harmless
-- twin: version-identity-partitioned
-- postgres: 17..18
-- runner: file
-- why: a new partitioned table may have an identity column
-- proof: runs
-- given:
CREATE TABLE events (at integer NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);
INSERT INTO events SELECT g, 'p' || g FROM generate_series(0, 299) AS g;
-- change:
CREATE TABLE hits (id bigint GENERATED ALWAYS AS IDENTITY, at integer NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE hits_1 PARTITION OF hits FOR VALUES FROM (0) TO (1000);
