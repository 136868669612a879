-- hazard: replace-function-signature-change
-- label: harmless
-- twin: replace-function-overload
-- postgres: 13..18
-- runner: file
-- why: the second function takes another number of arguments, without a default: the old call fits one
-- proof: then-runs
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
CREATE FUNCTION price(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2 - $2';
-- then:
SELECT price(1);
