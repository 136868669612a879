-- hazard: statement-refused
-- label: harmful
-- twin: drop-function-unused
-- postgres: 13..18
-- runner: file
-- why: there is no function with these arguments
-- proof: error 42883
-- given:
CREATE FUNCTION gross(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 1.2';
-- change:
DROP FUNCTION gross(text);
