-- hazard: set-logged-unlogged
-- label: harmful
-- twin: set-logged-already
-- postgres: 13..18
-- runner: file
-- why: an unlogged table is written anew, and to the log
-- proof: rewrite cache
-- given:
CREATE UNLOGGED TABLE cache (id bigint PRIMARY KEY, body text);
INSERT INTO cache SELECT g, 'b' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE cache SET LOGGED;
