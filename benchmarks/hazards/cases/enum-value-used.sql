-- hazard: enum-value-used-in-same-transaction
-- label: harmful
-- twin: enum-value-added-alone
-- postgres: 13..18
-- runner: file
-- why: the new label cannot be used before the transaction ends
-- proof: error 55P04
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
INSERT INTO jobs SELECT g, 'new' FROM generate_series(1, 300) AS g;
-- change:
ALTER TYPE state ADD VALUE 'failed';
UPDATE jobs SET state = 'failed' WHERE id = 5;
