-- hazard: domain-add-constraint
-- label: harmful
-- twin: domain-check-not-valid
-- postgres: 13..18
-- runner: file
-- why: validating a domain's constraint locks the tables as adding it would have
-- proof: scan-blocks-writes stock
-- given:
CREATE DOMAIN quantity AS integer;
CREATE TABLE stock (id bigint PRIMARY KEY, held quantity);
INSERT INTO stock SELECT g, g FROM generate_series(1, 300) AS g;
ALTER DOMAIN quantity ADD CONSTRAINT not_negative CHECK (VALUE >= 0) NOT VALID;
-- change:
ALTER DOMAIN quantity VALIDATE CONSTRAINT not_negative;
