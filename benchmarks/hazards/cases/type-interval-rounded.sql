-- hazard: change-column-type-narrowing
-- label: harmful
-- twin: type-interval-precision
-- postgres: 13..18
-- runner: file
-- why: fewer fractional digits round every value
-- proof: rewrite jobs
-- given:
CREATE TABLE jobs (id bigint PRIMARY KEY, took interval);
INSERT INTO jobs SELECT g, '1 s' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE jobs ALTER COLUMN took TYPE interval(3);
