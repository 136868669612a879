-- hazard: grants-lost-on-drop-recreate
-- label: harmful
-- twin: drop-function-recreated
-- postgres: 13..18
-- runner: file
-- why: who could call the function cannot any more
-- proof: then-error 42501
-- given:
CREATE ROLE hz_app;
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION price(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION price(bigint) TO hz_app;
-- change:
DROP FUNCTION price(bigint);
CREATE FUNCTION price(bigint) RETURNS numeric LANGUAGE sql AS 'SELECT $1 * 2.5';
-- then:
SET ROLE hz_app;
SELECT price(1);
