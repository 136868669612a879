-- hazard: attach-partition-without-check
-- label: harmful
-- twin: attach-checked
-- postgres: 13..18
-- runner: file
-- why: the key may be NULL, which the CHECK lets pass and the bound does not
-- proof: scan-blocks-writes hits_2
-- given:
CREATE TABLE hits (at integer, payload text) PARTITION BY RANGE (at);
CREATE TABLE hits_2 (at integer CHECK (at >= 1000 AND at < 2000), payload text);
INSERT INTO hits_2 SELECT g, 'p' FROM generate_series(1000, 1299) AS g;
-- change:
ALTER TABLE hits ATTACH PARTITION hits_2 FOR VALUES FROM (1000) TO (2000);
