-- hazard: drop-cascade
-- label: harmful
-- twin: drop-type-new
-- postgres: 13..18
-- runner: file
-- why: the columns of that type vanish
-- proof: gone EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'jobs'::regclass AND attname = 'state' AND NOT attisdropped)
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
DROP TYPE state CASCADE;
