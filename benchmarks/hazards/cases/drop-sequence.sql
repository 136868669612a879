-- hazard: drop-type
-- label: harmful
-- twin: drop-sequence-new
-- postgres: 13..18
-- runner: file
-- why: the default of nothing depends on it, the application draws from it
-- proof: then-error 42P01
-- given:
CREATE SEQUENCE invoice_numbers;
-- change:
DROP SEQUENCE invoice_numbers;
-- then:
SELECT nextval('invoice_numbers');
