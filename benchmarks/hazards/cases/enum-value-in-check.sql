-- hazard: enum-value-used-in-same-transaction
-- label: harmful
-- twin: enum-value-in-body
-- postgres: 13..18
-- runner: file
-- why: a CHECK is a use
-- proof: error 55P04
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state ADD VALUE 'failed';
ALTER TABLE jobs ADD CONSTRAINT known CHECK (state IN ('new', 'failed')) NOT VALID;
