-- hazard: enum-value-used-in-same-transaction
-- label: harmless
-- twin: enum-value-used
-- postgres: 13..18
-- runner: none
-- why: the transaction that adds the label has ended
-- proof: runs
-- given:
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id bigint PRIMARY KEY, state state);
-- change:
BEGIN;
ALTER TYPE state ADD VALUE 'failed';
COMMIT;
BEGIN;
INSERT INTO jobs VALUES (1, 'failed');
COMMIT;
