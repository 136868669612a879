-- hazard: replace-function-return-type
-- label: harmful
-- twin: replace-function-body
-- postgres: 13..18
-- runner: file
-- why: CREATE OR REPLACE cannot take a default away
-- proof: error 42P13
-- given:
CREATE FUNCTION price(amount bigint DEFAULT 1) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
CREATE OR REPLACE FUNCTION price(amount bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 3';
