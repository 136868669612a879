-- hazard: replace-function-return-type
-- label: harmful
-- twin: replace-function-body
-- postgres: 13..18
-- runner: file
-- why: CREATE OR REPLACE cannot change what is returned
-- proof: error 42P13
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
CREATE OR REPLACE FUNCTION price(bigint) RETURNS numeric LANGUAGE sql AS 'SELECT $1 * 2.5';
