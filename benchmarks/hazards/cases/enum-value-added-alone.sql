-- hazard: enum-value-used-in-same-transaction
-- label: harmless
-- twin: enum-value-used
-- postgres: 13..18
-- runner: file
-- why: the label is only added, and another one used
-- proof: runs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
INSERT INTO jobs SELECT g, 'new' FROM generate_series(1, 300) AS g;
-- change:
ALTER TYPE state ADD VALUE 'failed';
UPDATE jobs SET state = 'done' WHERE id = 5;
