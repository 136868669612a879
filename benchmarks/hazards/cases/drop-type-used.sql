-- hazard: drop-type
-- label: harmful
-- twin: drop-sequence-new
-- postgres: 13..18
-- runner: file
-- why: a column has the type
-- proof: error 2BP01
-- expects: statement-refused
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
DROP TYPE state;
