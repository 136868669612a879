-- hazard: change-column-type-rewrite
-- label: harmless
-- twin: type-json-jsonb
-- postgres: 13..18
-- runner: file
-- why: every cidr is an inet as it is
-- proof: no-rewrite hosts
-- given:
CREATE TABLE hosts (id bigint PRIMARY KEY, network cidr);
INSERT INTO hosts SELECT g, '10.0.0.0/8' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE hosts ALTER COLUMN network TYPE inet;
