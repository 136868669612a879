-- hazard: rename-object
-- label: harmful
-- twin: rename-index
-- postgres: 13..18
-- runner: file
-- why: code that calls the old name fails
-- proof: then-error 42883
-- given:
CREATE FUNCTION price(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 * 2';
-- change:
ALTER FUNCTION price(bigint) RENAME TO list_price;
-- then:
SELECT price(1);
