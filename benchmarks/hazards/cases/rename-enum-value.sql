-- hazard: rename-enum-value
-- label: harmful
-- twin: add-enum-value
-- postgres: 13..18
-- runner: file
-- why: code that writes the old label fails
-- proof: then-error 22P02
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
ALTER TYPE state RENAME VALUE 'done' TO 'finished';
-- then:
INSERT INTO jobs VALUES (1, 'done');
