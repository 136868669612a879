-- hazard: enum-value-used-in-same-transaction
-- label: harmful
-- twin: enum-value-added-alone
-- postgres: 13..18
-- runner: file
-- why: a view's condition is a use
-- proof: error 55P04
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state ADD VALUE 'failed';
CREATE VIEW failures AS SELECT id FROM jobs WHERE state = 'failed';
