-- hazard: replace-function-signature-change
-- label: harmful
-- twin: overload-apart
-- postgres: 13..18
-- runner: file
-- why: a second procedure comes to be, and the old call fits both
-- proof: then-error 42725
-- given:
CREATE PROCEDURE fill(bigint) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
-- change:
CREATE OR REPLACE PROCEDURE fill(bigint, loud boolean DEFAULT false) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
-- then:
CALL fill(1);
