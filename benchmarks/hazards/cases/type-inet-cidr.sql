-- hazard: change-column-type-narrowing
-- label: harmful
-- twin: type-cidr-inet
-- postgres: 13..18
-- runner: file
-- why: bits to the right of the mask are lost
-- proof: rewrite hosts
-- given:
CREATE TABLE hosts (id bigint PRIMARY KEY, network inet);
INSERT INTO hosts SELECT g, '10.0.0.0/8' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE hosts ALTER COLUMN network TYPE cidr;
