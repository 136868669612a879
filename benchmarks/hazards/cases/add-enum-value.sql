-- hazard: rename-enum-value
-- label: harmless
-- twin: rename-enum-value
-- postgres: 13..18
-- runner: file
-- why: a label more hinders no old code
-- proof: then-runs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state ADD VALUE IF NOT EXISTS 'failed';
-- then:
INSERT INTO jobs VALUES (1, 'done');
