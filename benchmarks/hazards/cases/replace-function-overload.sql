-- hazard: replace-function-signature-change
-- label: harmful
-- twin: replace-function-body
-- postgres: 13..18
-- runner: file
-- why: a second function comes to be, and the old call fits both
-- proof: then-error 42725
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
CREATE OR REPLACE FUNCTION price(bigint, discount bigint DEFAULT 0) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2 - $2';
-- then:
SELECT price(1);
