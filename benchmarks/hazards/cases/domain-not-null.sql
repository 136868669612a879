-- hazard: domain-set-not-null
-- label: harmful
-- twin: domain-not-null-unused
-- postgres: 13..18
-- runner: file
-- why: every table with a column of the domain is read, and cannot be written
-- proof: scan-blocks-writes stock
-- given:
CREATE DOMAIN quantity AS integer;
CREATE TABLE stock (id bigint PRIMARY KEY, held quantity);
INSERT INTO stock SELECT g, g FROM generate_series(1, 300) AS g;
-- change:
ALTER DOMAIN quantity SET NOT NULL;
