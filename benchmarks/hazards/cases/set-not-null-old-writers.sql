-- hazard: add-column-not-null-without-default
-- label: harmful
-- twin: not-null-with-default
-- postgres: 13..18
-- runner: file
-- why: on an empty table it runs, but who inserts without the column fails from now on
-- proof: then-error 23502
-- given:
CREATE TABLE inbox (id bigint PRIMARY KEY, body text);
-- change:
ALTER TABLE inbox ADD COLUMN sender text NOT NULL;
-- then:
INSERT INTO inbox (id, body) VALUES (1, 'hello');
