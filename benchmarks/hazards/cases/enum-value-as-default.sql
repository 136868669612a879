-- hazard: enum-value-used-in-same-transaction
-- label: harmful
-- twin: enum-value-added-alone
-- postgres: 13..18
-- runner: file
-- why: a default is a use
-- proof: error 55P04
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state ADD VALUE 'failed';
ALTER TABLE jobs ALTER COLUMN state SET DEFAULT 'failed';
