-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-cidr-inet
-- postgres: 13..18
-- runner: file
-- why: json is text, jsonb is a tree
-- proof: rewrite documents
-- given:
CREATE TABLE documents (id bigint PRIMARY KEY, body json);
INSERT INTO documents SELECT g, '{}' FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE documents ALTER COLUMN body TYPE jsonb;
