-- hazard: drop-then-recreate
-- label: harmless
-- twin: drop-function-grants-lost
-- postgres: 13..18
-- runner: file
-- why: nobody had been given anything: the function comes back as it was, for PUBLIC
-- proof: then-runs
-- given:
CREATE ROLE hz_app;
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
DROP FUNCTION IF EXISTS price(bigint);
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 3';
-- then:
SET ROLE hz_app;
SELECT price(1);
