-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-timestamp-precision
-- postgres: 13..18
-- runner: file
-- why: an enum is a number, and its label has to be written out
-- proof: rewrite jobs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
INSERT INTO jobs SELECT g, 'new' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE jobs ALTER COLUMN state TYPE text;
