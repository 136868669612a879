-- hazard: enum-value-used-in-same-transaction
-- label: harmless
-- twin: enum-value-used
-- postgres: 13..18
-- runner: none
-- why: each statement is a transaction of its own
-- proof: runs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
INSERT INTO jobs SELECT g, 'new' FROM generate_series(1, 300) AS g;
-- change:
ALTER TYPE state ADD VALUE 'failed';
UPDATE jobs SET state = 'failed' WHERE id = 5;
