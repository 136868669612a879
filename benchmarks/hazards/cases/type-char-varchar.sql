-- hazard: change-column-type-rewrite
-- label: harmful
-- twin: type-varchar-text
-- postgres: 13..18
-- runner: file
-- why: char(n) is padded, and the padding has to go
-- proof: rewrite parcels
-- given:
CREATE TABLE parcels (id bigint PRIMARY KEY, code char(10));
INSERT INTO parcels SELECT g, 'c' || g FROM generate_series(1, 300) AS g;
-- change:
ALTER TABLE parcels ALTER COLUMN code TYPE varchar(10);
