-- hazard: drop-cascade
-- label: harmful
-- twin: drop-type-new
-- postgres: 13..18
-- runner: file
-- why: a domain's column vanishes with the domain
-- proof: gone EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'stock'::regclass AND attname = 'held' AND NOT attisdropped)
-- given:
CREATE DOMAIN quantity AS integer;
CREATE TABLE stock (id bigint PRIMARY KEY, held quantity);
-- change:
DROP DOMAIN quantity CASCADE;
