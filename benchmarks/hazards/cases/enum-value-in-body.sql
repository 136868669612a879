-- hazard: enum-value-used-in-same-transaction
-- label: harmless
-- twin: enum-value-in-check
-- postgres: 13..18
-- runner: file
-- why: the body of a plpgsql function is text until it is called
-- proof: runs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state ADD VALUE 'failed';
CREATE FUNCTION fail(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE jobs SET state = 'failed' WHERE id = wanted; END $$;
