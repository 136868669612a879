-- hazard: domain-add-constraint
-- label: harmless
-- twin: domain-check
-- postgres: 13..18
-- runner: file
-- why: NOT VALID looks at no row and locks no table
-- proof: no-scan stock
-- proof: lock stock none
-- given:
CREATE DOMAIN quantity AS integer;
CREATE TABLE stock (id bigint PRIMARY KEY, held quantity);
INSERT INTO stock SELECT g, g FROM generate_series(1, 300) AS g;
-- change:
ALTER DOMAIN quantity ADD CONSTRAINT not_negative CHECK (VALUE >= 0) NOT VALID;
