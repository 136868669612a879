-- hazard: statement-refused
-- label: harmful
-- twin: drop-function-unused
-- postgres: 13..18
-- runner: file
-- why: there are two functions of that name
-- proof: error 42725
-- given:
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.2';
CREATE FUNCTION gross(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
-- change:
DROP FUNCTION gross;
