-- hazard: replace-function-signature-change
-- label: harmless
-- twin: replace-function-overload
-- postgres: 13..18
-- runner: file
-- why: the same arguments: the function is replaced
-- proof: then-runs
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
CREATE OR REPLACE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 3';
-- then:
SELECT price(1);
