-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-interval-rounded
-- postgres: 13..18
-- runner: file
-- why: more fractional digits change no value
-- proof: no-rewrite jobs
-- given:
CREATE TABLE jobs (id bigint PRIMARY KEY, took interval(3));
INSERT INTO jobs SELECT g, '1 s' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE jobs ALTER COLUMN took TYPE interval(6);
