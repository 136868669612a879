-- hazard: replace-function-signature-change
-- label: harmless
-- twin: replace-function-overload
-- postgres: 13..18
-- runner: file
-- why: the old signature is dropped before, and the old call fits the new one
-- proof: then-runs
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
DROP FUNCTION price(bigint);
CREATE FUNCTION price(bigint, discount bigint DEFAULT 0) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2 - $2';
-- then:
SELECT price(1);
